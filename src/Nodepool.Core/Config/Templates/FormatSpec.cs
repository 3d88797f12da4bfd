using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Nodepool.Core.Config.Templates;

/// <summary>What stands behind the colon of a field: <c>[[fill]align][sign][0][width][,][.precision][type]</c>, type one of s, d, x, X, f.</summary>
internal sealed partial record FormatSpec
{
    private const int MostDigits = 30;

    /// <summary>As it was written, without the colon.</summary>
    public required string Text { get; init; }

    /// <summary>Whether it makes sense for numbers only.</summary>
    public bool IsForNumbers => Kind is 'd' or 'x' or 'X' or 'f' || Sign.Length > 0 || HasCommas || Align == '=';

    private char Fill { get; init; } = ' ';

    private char? Align { get; init; }

    private string Sign { get; init; } = "";

    private int Width { get; init; }

    private bool HasCommas { get; init; }

    private int? Precision { get; init; }

    private char? Kind { get; init; }

    /// <summary>Null for what is none, or a rarer one that is not supported.</summary>
    public static FormatSpec? Parse(string text)
    {
        if (Form().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var hasZero = match.Groups["zero"].Length > 0;
        return new FormatSpec
        {
            Text = text,
            Fill = match.Groups["fill"].Length > 0 ? match.Groups["fill"].Value[0] : hasZero ? '0' : ' ',
            Align = match.Groups["align"].Length > 0 ? match.Groups["align"].Value[0] : null,
            Sign = match.Groups["sign"].Value,
            Width = ToInt(match.Groups["width"]) ?? 0,
            HasCommas = match.Groups["commas"].Length > 0,
            Precision = ToInt(match.Groups["precision"]),
            Kind = match.Groups["kind"].Length > 0 ? match.Groups["kind"].Value[0] : null,
        };
    }

    /// <summary>The value in this form; null when the form is not for such values.</summary>
    public string? Apply(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String when !IsForNumbers => Pad("", Cut(value.GetValue<string>()), '<'),
        JsonValueKind.Number when Kind != 's' => Write(value.ToJsonString()),
        _ => null,
    };

    private string Cut(string text) => Precision < text.Length ? text[..Precision.Value] : text;

    private string? Write(string json)
    {
        var number = double.Parse(json, CultureInfo.InvariantCulture);
        var isWhole = long.TryParse(json, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole);
        var magnitude = (ulong)Math.Abs((decimal)whole);
        var sign = number < 0 ? "-" : Sign == "-" ? "" : Sign;
        var comma = HasCommas ? "N" : "F";
        var digits = Kind switch
        {
            'x' or 'X' or 'd' when !isWhole => null,
            'x' or 'X' => magnitude.ToString(Kind.ToString(), CultureInfo.InvariantCulture),
            null or 'd' when isWhole && Precision is null => magnitude.ToString(comma + "0", CultureInfo.InvariantCulture),
            'd' => null,
            null when Precision is null => HasCommas ? null : PythonText.Of(JsonNode.Parse(json)).TrimStart('-'),
            null => null,
            _ => Math.Abs(number).ToString($"{comma}{Precision ?? 6}", CultureInfo.InvariantCulture),
        };
        return digits is null ? null : Pad(sign, digits, '>');
    }

    private string Pad(string sign, string text, char usual)
    {
        var missing = Math.Max(0, Width - sign.Length - text.Length);
        return (Align ?? (Fill == '0' && usual == '>' ? '=' : usual)) switch
        {
            '<' => sign + text + new string(Fill, missing),
            '^' => new string(Fill, missing / 2) + sign + text + new string(Fill, missing - (missing / 2)),
            '=' => sign + new string(Fill, missing) + text,
            _ => new string(Fill, missing) + sign + text,
        };
    }

    private static int? ToInt(Group group) => group.Length == 0 ? null : Math.Min(int.Parse(group.Value, CultureInfo.InvariantCulture), MostDigits * MostDigits);

    [GeneratedRegex(
        "^((?<fill>.)?(?<align>[<>^=]))?(?<sign>[-+ ])?(?<zero>0)?(?<width>[1-9][0-9]{0,3})?(?<commas>,)?([.](?<precision>[0-9]{1,3}))?(?<kind>[sdxXf])?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Form();
}
