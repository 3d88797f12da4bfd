namespace Nodepool.Testing.Load;

/// <summary>How launches are kept within bounds.</summary>
/// <param name="Name">For tables.</param>
/// <param name="IsGoverned">They adapt.</param>
/// <param name="MaxConcurrency">Launches at once and provider; -1 is no limit.</param>
internal sealed record LoadSetting(string Name, bool IsGoverned, int MaxConcurrency)
{
    /// <summary>No bound at all.</summary>
    public static LoadSetting Free { get; } = new("no limit", false, -1);

    /// <summary>A bound that an operator may have chosen.</summary>
    public static LoadSetting Fixed { get; } = new("max-concurrency 10", false, 10);

    /// <summary>The governor, with no other bound.</summary>
    public static LoadSetting Governed { get; } = new("governor", true, -1);
}
