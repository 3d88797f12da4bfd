namespace Nodepool.Cli.Watching;

/// <summary>What a watching command shows at one moment.</summary>
/// <param name="Text">In the form that was asked for, with ages as they are now.</param>
/// <param name="Json">The same as JSON on one line; it does not change while nothing but the time changes.</param>
internal sealed record Picture(string Text, string Json);
