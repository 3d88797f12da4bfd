namespace Nodepool.Providers.Local;

/// <summary>Why this host cannot run a kind of machine.</summary>
/// <param name="Missing">What is missing or forbidden, as the beginning of a sentence.</param>
/// <param name="Remedy">What to do about it: a command line where there is one.</param>
internal sealed record Obstacle(string Missing, string Remedy)
{
    /// <summary>Both as one sentence for people.</summary>
    public override string ToString() => $"{Missing}; {Remedy}";
}
