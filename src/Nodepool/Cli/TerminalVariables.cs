namespace Nodepool.Cli;

/// <summary>What the environment says about terminals.</summary>
/// <param name="variable">Gives a variable; null when it is not set.</param>
internal sealed class TerminalVariables(Func<string, string?> variable)
{
    /// <summary>The terminal can only print: nothing is drawn over what is there.</summary>
    public bool IsDumb => variable("TERM") == "dumb";

    /// <summary>https://no-color.org: any value of NO_COLOR switches colours off; so does a terminal that knows none.</summary>
    public bool WantsColour => string.IsNullOrEmpty(variable("NO_COLOR")) && !IsDumb;
}
