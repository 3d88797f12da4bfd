namespace Nodepool.Core;

/// <summary>A hash that is the same in every process: what is stored must not depend on who computed it. FNV-1a with a last mixing.</summary>
public static class StableHash
{
    /// <summary>The hash of a text.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in text)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        // FNV leaves the last characters, which differ most in paths, in few bits.
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        return hash ^ (hash >> 33);
    }
}
