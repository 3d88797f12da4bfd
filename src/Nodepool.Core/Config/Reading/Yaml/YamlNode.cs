namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>One value of a YAML document. Aliases share the node of their anchor, so a document is a graph without cycles.</summary>
internal abstract class YamlNode(TextSpan span)
{
    /// <summary>Where it is written, in the expanded text.</summary>
    public TextSpan Span { get; } = span;

    /// <summary>How many values it stands for with all aliases written out.</summary>
    public long Weight { get; protected init; } = 1;

    /// <summary>Levels of nesting in it with all aliases written out; a scalar has none.</summary>
    public int Height { get; protected init; }

    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }
}
