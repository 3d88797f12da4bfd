namespace Nodepool.State.Locks;

/// <summary>
/// Names of lock contenders as kazoo makes them: an id, <c>__lock__</c> and ten digits. Anything else in a lock directory is
/// not ours to count.
/// </summary>
internal static class ContenderName
{
    public const string Infix = "__lock__";

    private const int Digits = 10;

    // After 2147483647 the store's numbers go on below zero, with a sign before the digits. kazoo compares them as text; so do we.
    private const char Sign = '-';

    /// <summary>Whether the name, or the last component of the path, belongs to a contender.</summary>
    public static bool IsContender(ReadOnlySpan<char> name) =>
        name.Length >= Digits + Infix.Length
        && !name[^Digits..].ContainsAnyExceptInRange('0', '9')
        && PrefixOf(name).EndsWith(Infix, StringComparison.Ordinal);

    /// <summary>The ten digits, with their sign; the order of contenders is their ordinal order.</summary>
    public static ReadOnlySpan<char> SequenceOf(ReadOnlySpan<char> contender) => contender[PrefixOf(contender).Length..];

    /// <summary>What was asked for, without the number that the store appended.</summary>
    public static ReadOnlySpan<char> PrefixOf(ReadOnlySpan<char> contender) =>
        contender[..^(contender.Length > Digits && contender[^(Digits + 1)] == Sign ? Digits + 1 : Digits)];

    /// <summary>Whether <paramref name="one"/> is served before <paramref name="other"/>.</summary>
    public static bool Precedes(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        SequenceOf(one).SequenceCompareTo(SequenceOf(other)) < 0;

    /// <summary>Whether it is the first contender that its directory ever had, so that none can be before it.</summary>
    public static bool IsVeryFirst(ReadOnlySpan<char> contender) => !SequenceOf(contender).ContainsAnyExcept('0');
}
