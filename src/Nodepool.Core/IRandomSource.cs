namespace Nodepool.Core;

/// <summary>Chance for jitter and choices; never for secrets.</summary>
public interface IRandomSource
{
    /// <summary>A number in [0, 1).</summary>
    double NextDouble();
}
