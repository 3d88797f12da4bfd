namespace Nodepool.Core.View;

/// <summary>An idle node, ordered by how long it has been in its state.</summary>
/// <param name="Since">When it became ready, Unix seconds.</param>
/// <param name="Id">Its id.</param>
public readonly record struct IdleSince(double Since, string Id) : IComparable<IdleSince>
{
    /// <inheritdoc/>
    public int CompareTo(IdleSince other) => Since.CompareTo(other.Since) is not 0 and var order ? order : string.CompareOrdinal(Id, other.Id);

    /// <summary>Older.</summary>
    public static bool operator <(IdleSince left, IdleSince right) => left.CompareTo(right) < 0;

    /// <summary>Not younger.</summary>
    public static bool operator <=(IdleSince left, IdleSince right) => left.CompareTo(right) <= 0;

    /// <summary>Younger.</summary>
    public static bool operator >(IdleSince left, IdleSince right) => left.CompareTo(right) > 0;

    /// <summary>Not older.</summary>
    public static bool operator >=(IdleSince left, IdleSince right) => left.CompareTo(right) >= 0;
}
