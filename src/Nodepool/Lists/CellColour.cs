namespace Nodepool.Lists;

/// <summary>Colours of cells on a terminal: the same word has the same colour in every list.</summary>
internal static class CellColour
{
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";
    private const string Red = "\e[31m";
    private const string Blue = "\e[34m";
    private const string Magenta = "\e[35m";
    private const string Grey = "\e[90m";

    /// <summary>The sequence that begins the colour of a cell; null for none.</summary>
    /// <param name="field">Name of the column's field.</param>
    /// <param name="text">What the cell shows.</param>
    public static string? Of(string field, string text) => (field, text) switch
    {
        ("state" or "now", "ready" or "fulfilled" or "running") => Green,
        ("state" or "now" or "build_request", "building" or "uploading" or "testing" or "init" or "requested" or "pending" or "full" or "initializing" or "build requested") => Yellow,
        ("state", "failed" or "aborted") => Red,
        ("state", "in-use") => Blue,
        ("state", "hold") or ("state", "paused") or ("paused", "True") => Magenta,
        ("state", "used" or "deleting" or "deleted" or "stopped") => Grey,
        ("locked", "locked") => Blue,
        ("locked", "unlocked") or ("paused", "False") => Grey,
        ("last_failure" or "failure", not "") => Red,
        _ => null,
    };
}
