namespace Nodepool.Core.Explaining;

/// <summary>Why a pool has refused a request, as it is stored with the request.</summary>
/// <param name="Pool">The pool, <c>provider/pool</c>.</param>
/// <param name="Code">The word of the code.</param>
/// <param name="Reason">A phrase for people.</param>
public sealed record DeclineReason(string Pool, string Code, string Reason)
{
    /// <summary>The stored line.</summary>
    public string Text => $"{Pool} {Code}: {Reason}";

    /// <summary>Reads a stored line; null when it is none.</summary>
    public static DeclineReason? Of(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var blank = colon < 0 ? -1 : line.LastIndexOf(' ', colon);
        return blank <= 0 ? null : new DeclineReason(line[..blank], line[(blank + 1)..colon], line[(colon + 2)..]);
    }
}
