namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>A single value; its type is decided by who reads it.</summary>
/// <param name="span">Where it is written.</param>
/// <param name="text">The text without quotes and escapes.</param>
/// <param name="isPlain">Written without quotes, so that YAML may see a number, a truth value or nothing in it.</param>
internal sealed class YamlScalar(TextSpan span, string text, bool isPlain) : YamlNode(span)
{
    public string Text { get; } = text;

    public bool IsPlain { get; } = isPlain;

    public bool IsNull => IsPlain && YamlTypes.IsNull(Text);

    public override string Kind => IsNull ? "nothing" : IsPlain ? "a single value" : "a text in quotes";
}
