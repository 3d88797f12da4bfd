using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Nodepool.Lists;

/// <summary>
/// Writes JSON as YAML in block style. What a reader of YAML 1.1 would take for a number, a date or a truth value (<c>no</c>, <c>12:30</c>,
/// <c>007</c>) is quoted when it is a string.
/// </summary>
internal static class YamlText
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    /// <summary>The same value, with a line feed at the end.</summary>
    /// <exception cref="JsonException">It is no JSON, or deeper than 256 levels.</exception>
    public static string OfJson(string json)
    {
        using var document = JsonDocument.Parse(json, Deep);
        var text = new StringBuilder();
        Write(text, document.RootElement, 0, isInline: false);
        return text.ToString();
    }

    /// <param name="text">Where to.</param>
    /// <param name="value">What.</param>
    /// <param name="indent">Column of its lines.</param>
    /// <param name="isInline">The first line has been begun: by "- ", or by "key:" (then scalars follow a blank).</param>
    private static void Write(StringBuilder text, JsonElement value, int indent, bool isInline)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when value.EnumerateObject().Any():
                foreach (var member in value.EnumerateObject())
                {
                    Begin(text, indent, ref isInline);
                    text.Append(YamlScalar.Of(member.Name)).Append(':');
                    WriteMember(text, member.Value, indent);
                }

                break;
            case JsonValueKind.Array when value.GetArrayLength() > 0:
                foreach (var item in value.EnumerateArray())
                {
                    Begin(text, indent, ref isInline);
                    text.Append("- ");
                    Write(text, item, indent + 2, isInline: true);
                }

                break;
            default:
                text.Append(' ', isInline ? 0 : indent).Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static void WriteMember(StringBuilder text, JsonElement value, int indent)
    {
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && !IsEmpty(value))
        {
            // Items of a list stand under its key without further indentation, as PyYAML writes them.
            text.Append('\n');
            Write(text, value, value.ValueKind == JsonValueKind.Array ? indent : indent + 2, isInline: false);
        }
        else
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
        }
    }

    private static void Begin(StringBuilder text, int indent, ref bool isInline)
    {
        text.Append(' ', isInline ? 0 : indent);
        isInline = false;
    }

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? !value.EnumerateObject().Any() : value.GetArrayLength() == 0;

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        JsonValueKind.String => YamlScalar.Of(value.GetString()!),
        JsonValueKind.Number => Number(value.GetRawText()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    /// <summary>YAML 1.1 wants a point and a sign where JSON does without: 1e5 would be a string.</summary>
    private static string Number(string json)
    {
        var e = json.AsSpan().IndexOfAny('e', 'E');
        if (e < 0)
        {
            return json;
        }

        var (mantissa, exponent) = (json[..e], json[(e + 1)..]);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}{(mantissa.Contains('.') ? "" : ".0")}e{(exponent[0] is '+' or '-' ? "" : "+")}{exponent}");
    }
}
