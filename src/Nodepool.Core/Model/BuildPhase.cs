namespace Nodepool.Core.Model;

/// <summary>A stretch of an image build, by the image tool's own word for it.</summary>
/// <param name="Name">The word: <c>install.d</c>, <c>downloading packages</c>, …</param>
/// <param name="Start">Seconds from the beginning of the build.</param>
public sealed record BuildPhase(string Name, double Start);
