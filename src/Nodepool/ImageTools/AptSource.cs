namespace Nodepool.ImageTools;

/// <summary>One <c>deb</c> line of apt.</summary>
/// <param name="Uri">Address of the archive.</param>
/// <param name="Suite">Suite: <c>bookworm</c>, <c>bookworm-updates</c>, …</param>
/// <param name="Components">Components, separated by blanks.</param>
/// <param name="Trusted">True when the operator told apt not to ask for a signature.</param>
internal sealed record AptSource(string Uri, string Suite, string Components, bool Trusted)
{
    /// <summary>The line as in sources.list(5).</summary>
    public override string ToString() => $"deb {(Trusted ? "[trusted=yes] " : "")}{Uri} {Suite} {Components}";
}
