using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nodepool.Providers.OpenStack.Access.Transport;

/// <summary>Finds what a service says for people in an answer that is no success: each service and each proxy says it in a form of its own.</summary>
internal static partial class ServiceText
{
    private const int Longest = 600;

    /// <summary>The words; "" when there are none.</summary>
    public static string Of(WireAnswer answer)
    {
        var text = Encoding.UTF8.GetString(answer.Body.Span);
        return Tidy(answer.IsJson || text.TrimStart().StartsWith('{') ? OfJson(answer.Body) ?? text : WebUtility.HtmlDecode(Tag().Replace(Head().Replace(text, " "), " ")));
    }

    /// <summary><c>{"itemNotFound": {"message": …}}</c>, <c>{"NeutronError": {"message": …}}</c>, <c>{"error": …}</c>, <c>{"message": …}</c>, <c>{"faultstring": …}</c>.</summary>
    private static string? OfJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Find(json.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Find(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return element.GetString();
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in (ReadOnlySpan<string>)["message", "faultstring", "detail"])
        {
            if (element.TryGetProperty(name, out var found) && Find(found) is { Length: > 0 } text)
            {
                return text;
            }
        }

        // What wraps the message has a name of its own for each kind of fault.
        return element.EnumerateObject().Select(member => member.Value.ValueKind == JsonValueKind.Object || member.Name.EndsWith("Error", StringComparison.OrdinalIgnoreCase) ? Find(member.Value) : null)
            .FirstOrDefault(text => text is not null);
    }

    private static string Tidy(string text)
    {
        var line = Blank().Replace(LineBreak().Replace(text, " "), " ").Trim();
        line = EchoedInput().Replace(line, match => match.Groups["field"].Value is "user_data" or "adminPass" ? match.Groups["head"].Value : $"{match.Groups["head"].Value} {match.Groups["reason"].Value}");
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }

    [GeneratedRegex("<head.*?</head>|<(style|script).*?</\\1>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Head();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("</?(br|p) ?/?>", RegexOptions.IgnoreCase)]
    private static partial Regex LineBreak();

    /// <summary>Nova repeats what it was sent, userdata with it, before it says what is wrong with it.</summary>
    [GeneratedRegex("(?<head>Invalid input for field/attribute (?<field>\\S+)\\.) Value: .*\\. (?<reason>.*)$")]
    private static partial Regex EchoedInput();

    [GeneratedRegex("[\\s\\p{C}]+")]
    private static partial Regex Blank();
}
