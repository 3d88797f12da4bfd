using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nodepool.Core.Config.Templates;

/// <summary>Writes values the way Python's <c>str</c> and <c>repr</c> do, because that is what existing templates were written for.</summary>
internal static class PythonText
{
    /// <summary><c>str(value)</c>: a text as it is.</summary>
    public static string Of(JsonNode? value) => IsText(value) ? value!.GetValue<string>() : Literal(value, isAscii: false);

    /// <summary><c>repr(value)</c>, or <c>ascii(value)</c>.</summary>
    public static string Literal(JsonNode? value, bool isAscii) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "None",
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Number => Number(value),
        JsonValueKind.String => Quoted(value.GetValue<string>(), isAscii),
        JsonValueKind.Array => $"[{string.Join(", ", value.AsArray().Select(item => Literal(item, isAscii)))}]",
        _ => $"{{{string.Join(", ", value.AsObject().Select(pair => $"{Quoted(pair.Key, isAscii)}: {Literal(pair.Value, isAscii)}"))}}}",
    };

    /// <summary>What a value is, for messages.</summary>
    public static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "nothing",
        JsonValueKind.True or JsonValueKind.False => "a truth value",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        JsonValueKind.Array => "a list",
        _ => "an object",
    };

    public static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    /// <summary>Whole numbers of any size as they stand; others in the shortest form that gives the same number, with a fraction.</summary>
    private static string Number(JsonNode value)
    {
        var text = value.ToJsonString();
        if (!text.AsSpan().ContainsAny(".eE"))
        {
            return text;
        }

        var number = double.Parse(text, CultureInfo.InvariantCulture);
        var shortest = number.ToString(CultureInfo.InvariantCulture);
        return shortest.Contains('E') ? shortest.ToLowerInvariant() : shortest.Contains('.') ? shortest : shortest + ".0";
    }

    private static string Quoted(string text, bool isAscii)
    {
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder().Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(rune.Value switch
            {
                '\\' => @"\\",
                '\n' => @"\n",
                '\r' => @"\r",
                '\t' => @"\t",
                var c when c == quote => "\\" + quote,
                < 0x20 or (>= 0x7F and < 0xA0) => $"\\x{rune.Value:x2}",
                > 0xFFFF when isAscii => $"\\U{rune.Value:x8}",
                > 0xFF when isAscii => $"\\u{rune.Value:x4}",
                > 0x7E when isAscii => $"\\x{rune.Value:x2}",
                _ => rune.ToString(),
            });
        }

        return result.Append(quote).ToString();
    }
}
