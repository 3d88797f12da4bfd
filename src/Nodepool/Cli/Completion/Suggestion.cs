namespace Nodepool.Cli.Completion;

/// <summary>A word that the shell may complete to.</summary>
/// <param name="Text">The word.</param>
/// <param name="Hint">What zsh and fish show beside it; may be empty.</param>
internal readonly record struct Suggestion(string Text, string Hint = "");
