using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>
/// What plain scalars mean in YAML 1.1, as PyYAML's safe loader resolves them; <c>0o17</c> and <c>1e3</c> of YAML 1.2 are understood too.
/// </summary>
internal static partial class YamlTypes
{
    private const int LongestNumber = 100;

    /// <summary>Nothing at all, <c>~</c> or <c>null</c>.</summary>
    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>yes/no, true/false, on/off; all lower, all upper or first upper. A bare <c>y</c> is text.</summary>
    public static bool? ToBool(string text) => text switch
    {
        "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => true,
        "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    /// <summary>A whole number in decimal, octal, hexadecimal, binary or base 60; what does not fit is cut to the nearest long.</summary>
    public static long? ToInteger(string text)
    {
        if (text.Length > LongestNumber || !IntegerForm().IsMatch(text))
        {
            return null;
        }

        var isNegative = text[0] == '-';
        var digits = text.TrimStart('+', '-').Replace("_", "", StringComparison.Ordinal);
        var value = digits switch
        {
            _ when digits.Contains(':') => FromBase60(digits),
            ['0', 'b', .. var rest] => FromBase(rest, 2),
            ['0', 'x', .. var rest] => FromBase(rest, 16),
            ['0', 'o', .. var rest] => FromBase(rest, 8),
            ['0', .. var rest] => FromBase(rest, 8),
            _ => FromBase(digits, 10),
        };
        value = isNegative ? -value : value;
        return (long)BigInteger.Clamp(value, long.MinValue, long.MaxValue);
    }

    /// <summary>A number with or without a fraction; infinity and not-a-number in their YAML spellings.</summary>
    public static double? ToNumber(string text)
    {
        if (ToInteger(text) is { } whole)
        {
            return whole;
        }

        if (text.Length > LongestNumber || !FloatForm().IsMatch(text))
        {
            return null;
        }

        var sign = text[0] == '-' ? -1 : 1;
        var digits = text.TrimStart('+', '-').Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        return sign * digits switch
        {
            ".inf" => double.PositiveInfinity,
            ".nan" => double.NaN,
            _ when digits.Contains(':') => digits.Split(':').Aggregate(0d, (sum, part) => (sum * 60) + Parse(part)),
            _ => Parse(digits),
        };
    }

    private static double Parse(string digits) => double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static BigInteger FromBase60(string digits) =>
        digits.Split(':').Aggregate(BigInteger.Zero, (sum, part) => (sum * 60) + int.Parse("0" + part, CultureInfo.InvariantCulture));

    private static BigInteger FromBase(string digits, int radix) =>
        digits.Aggregate(BigInteger.Zero, (sum, digit) => (sum * radix) + Convert.ToInt32(digit.ToString(), 16));

    [GeneratedRegex("^[-+]?(0b[01_]+|0o?[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9]{0,8}(:[0-5]?[0-9])+)$", RegexOptions.CultureInvariant)]
    private static partial Regex IntegerForm();

    [GeneratedRegex(
        @"^([-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)([eE][-+]?[0-9]{1,4})?|[-+]?[0-9]+[eE][-+]?[0-9]{1,4}|"
        + @"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$",
        RegexOptions.CultureInvariant)]
    private static partial Regex FloatForm();
}
