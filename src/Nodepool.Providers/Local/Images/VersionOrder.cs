namespace Nodepool.Providers.Local.Images;

/// <summary>Orders names by the numbers in them: <c>vmlinuz-6.9</c> before <c>vmlinuz-6.10</c>.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static readonly VersionOrder Instance = new();

    private VersionOrder()
    {
    }

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var a = Take(ref left);
            var b = Take(ref right);
            var both = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]);
            var order = both ? CompareNumbers(a.TrimStart('0'), b.TrimStart('0')) : a.CompareTo(b, StringComparison.Ordinal);
            if (order != 0)
                return order;
        }

        return left.Length.CompareTo(right.Length);
    }

    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.CompareTo(b, StringComparison.Ordinal);

    /// <summary>The leading run of digits, or of other characters.</summary>
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> rest)
    {
        var end = 1;
        while (end < rest.Length && char.IsAsciiDigit(rest[end]) == char.IsAsciiDigit(rest[0]))
        {
            end++;
        }

        var run = rest[..end];
        rest = rest[end..];
        return run;
    }
}
