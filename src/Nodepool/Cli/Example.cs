namespace Nodepool.Cli;

/// <summary>A command line that help and man pages show.</summary>
/// <param name="Line">It whole: <c>nodepool list --state ready</c>.</param>
/// <param name="Effect">What it does, as a sentence without its full stop.</param>
internal sealed record Example(string Line, string Effect);
