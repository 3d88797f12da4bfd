namespace Nodepool.Cli.Reference;

/// <summary>A term and what it means: an argument, an option, a command, an exit status.</summary>
/// <param name="Term">As it is typed.</param>
/// <param name="Text">One or more sentences or a phrase.</param>
internal sealed record ReferenceRow(string Term, string Text);
