namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>A list.</summary>
internal sealed class YamlSequence : YamlNode
{
    public YamlSequence(TextSpan span, IReadOnlyList<YamlItem> items)
        : base(span)
    {
        Items = items;
        foreach (var item in items)
        {
            Weight += item.Value.Weight;
            Height = Math.Max(Height, item.Value.Height);
        }

        Height++;
    }

    public IReadOnlyList<YamlItem> Items { get; }

    public override string Kind => "a list";
}
