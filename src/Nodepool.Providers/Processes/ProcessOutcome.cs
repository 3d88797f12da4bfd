namespace Nodepool.Providers.Processes;

/// <summary>A program that ended by itself.</summary>
/// <param name="ExitCode">Exit status; 128 + N when signal N ended it.</param>
/// <param name="LastLines">The end of standard output and standard error (of standard error alone when standard output was captured), at most 4 KiB, whole lines, trimmed.</param>
/// <param name="Output">Standard output when <see cref="ProcessOrder.CaptureOutput"/> was set, else empty.</param>
public sealed record ProcessOutcome(int ExitCode, string LastLines, string Output)
{
    /// <summary>The last line that is not blank, or empty: the one to quote in a message.</summary>
    public string LastLine => LastLines[(LastLines.LastIndexOf('\n') + 1)..].Trim();
}
