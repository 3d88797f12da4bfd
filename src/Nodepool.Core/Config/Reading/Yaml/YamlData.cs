using System.Text.RegularExpressions;
using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>Turns YAML into data that is passed on, with the types that PyYAML's safe loader sees.</summary>
internal static partial class YamlData
{
    /// <summary>The value; what JSON has no word for (infinities, numbers of more than 64 bits, dates) stays the text that it is.</summary>
    public static DataValue Of(YamlNode node) => node switch
    {
        YamlScalar scalar => OfScalar(scalar),
        YamlSequence list => new DataValue.Sequence(list.Items.Select(item => Of(item.Value)).ToValueList()),
        YamlMapping mapping => Of(mapping),
        _ => throw new ArgumentException($"a node of a new kind: {node.Kind}", nameof(node)),
    };

    /// <inheritdoc cref="Of(YamlNode)"/>
    public static DataValue.Mapping Of(YamlMapping mapping) =>
        new(new ValueMap<DataValue>(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value)))));

    /// <summary>The same with single values as the texts that are written, whatever YAML sees in them; nothing stays nothing.</summary>
    public static DataValue TextsOf(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } => new DataValue.Nothing(),
        YamlScalar scalar => new DataValue.Text(scalar.Text),
        YamlSequence list => new DataValue.Sequence(list.Items.Select(item => TextsOf(item.Value)).ToValueList()),
        YamlMapping mapping => new DataValue.Mapping(
            new ValueMap<DataValue>(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key, TextsOf(entry.Value))))),
        _ => throw new ArgumentException($"a node of a new kind: {node.Kind}", nameof(node)),
    };

    private static DataValue OfScalar(YamlScalar scalar) => scalar switch
    {
        { IsNull: true } => new DataValue.Nothing(),
        { IsPlain: false } => new DataValue.Text(scalar.Text),
        _ when YamlTypes.ToBool(scalar.Text) is { } truth => new DataValue.Truth(truth),
        _ when OnlyLaterYaml().IsMatch(scalar.Text) => new DataValue.Text(scalar.Text),
        _ when YamlTypes.ToInteger(scalar.Text) is { } whole => whole is long.MinValue or long.MaxValue ? new DataValue.Text(scalar.Text) : new DataValue.Whole(whole),
        _ when YamlTypes.ToNumber(scalar.Text) is { } number && double.IsFinite(number) => new DataValue.Fraction(number),
        _ => new DataValue.Text(scalar.Text),
    };

    // Lenient readers of single keys take these as numbers; in data they are texts: a commit id may look like 12e45678.
    [GeneratedRegex("^[-+]?(0o.*|[0-9]+[eE].*|[0-9_.]*[eE][0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex OnlyLaterYaml();
}
