namespace Nodepool.Core.View;

/// <summary>A node and a moment that matters for it, such as when it became ready or until when it is held; ordered by the moment.</summary>
/// <param name="At">Unix seconds.</param>
/// <param name="Id">The node.</param>
public readonly record struct NodeMoment(double At, string Id) : IComparable<NodeMoment>
{
    /// <inheritdoc/>
    public int CompareTo(NodeMoment other) => At.CompareTo(other.At) is not 0 and var order ? order : string.CompareOrdinal(Id, other.Id);

    /// <summary>Earlier.</summary>
    public static bool operator <(NodeMoment left, NodeMoment right) => left.CompareTo(right) < 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(NodeMoment left, NodeMoment right) => left.CompareTo(right) <= 0;

    /// <summary>Later.</summary>
    public static bool operator >(NodeMoment left, NodeMoment right) => left.CompareTo(right) > 0;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(NodeMoment left, NodeMoment right) => left.CompareTo(right) >= 0;
}
