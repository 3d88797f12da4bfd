namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>Says what a syntax error means to somebody who writes configurations, not parsers.</summary>
internal static class YamlSyntax
{
    private const int LongestParserMessage = 200;

    /// <summary>The place to point at and what to say.</summary>
    /// <param name="text">The text.</param>
    /// <param name="parser">What the parser says; empty when it says nothing.</param>
    /// <param name="place">Where it stopped.</param>
    /// <param name="lastPlace">Where the last thing that it understood begins.</param>
    /// <param name="frames">Collections that are open, innermost first.</param>
    public static (int Place, string Message) Explain(ConfigText text, string parser, int place, int lastPlace, Stack<YamlFrame> frames)
    {
        var input = text.Expanded;
        var at = Math.Clamp(place, 0, input.Length);
        var isTab = parser.Contains("tab", StringComparison.Ordinal);
        if (TabIn(input, isTab ? Math.Min(at, lastPlace) : at) is { } tab && (isTab || tab <= at))
        {
            return (tab, "a tab in the indentation; YAML is indented with blanks only");
        }

        if (parser.Contains("cannot start any token", StringComparison.Ordinal))
        {
            return (at, CannotStart(input, at));
        }

        frames.TryPeek(out var inner);
        if (inner is { IsFlow: true } && (parser.Length == 0 || at >= input.Length || parser.Contains("flow", StringComparison.Ordinal)))
        {
            var (kind, open, close) = inner.IsList ? ("list", '[', ']') : ("mapping", '{', '}');
            return (inner.Start, $"the {kind} that is opened here with '{open}' is not closed or lacks a comma: '{close}' or ',' expected {Near(text, at)}");
        }

        var opened = inner is null ? "" : $" of the {(inner.IsList ? "list" : "mapping")} that begins on line {text.PlaceOf(inner.Start).Line}";
        return (at, Translate(text.IsSecret, parser, opened));
    }

    private static string Translate(bool isSecret, string parser, string opened)
    {
        ReadOnlySpan<(string Words, string Meaning)> meanings =
        [
            ("found invalid mapping", "a key where none can be: a second ': ' in a value that has no quotes, or a line that is indented too deep"),
            ("expected '-' indicator", $"a '- ' or the end{opened} expected; is this line indented like the others?"),
            ("did not find expected key", $"a key or the end{opened} expected; is this line indented like the others?"),
            ("unexpected end of stream", "the quotes that are opened here are never closed"),
            ("unexpected document indicator", "the quotes that are opened here are never closed"),
            ("double-quoted scalar, found wrong", "the quotes that are opened here are never closed"),
            ("unknown escape character", "an unknown '\\' escape in double quotes; double the backslash or use single quotes"),
            ("block scalar, did not find", "after '|' or '>' the line must end, the text begins on the next one; or put the value in quotes"),
            ("an anchor or alias", "'&' begins an anchor and '*' an alias, a name must follow; put the value in quotes when it is text"),
            ("<document start>", "a line 'key: value' expected"),
            ("<document end>", "nothing can follow the value that ends before this"),
            ("could not find expected ':'", "a ':' is missing after this key"),
            ("mapping values are not allowed", "a key cannot stand here; is the line indented like the others?"),
            ("expected node content", "a value expected, found a bracket or sign that closes or separates"),
            ("block sequence entries are not allowed", "a list element '- ' cannot stand here; put it on a line of its own below the key"),
        ];
        foreach (var (words, meaning) in meanings)
        {
            if (parser.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return meaning;
            }
        }

        // The parser's own words may repeat what they are about.
        return parser.Length == 0 || isSecret ? "this is not YAML" : "this is not YAML: " + Wording.Printable(parser.TrimEnd('.'), LongestParserMessage);
    }

    private static string CannotStart(string input, int at)
    {
        var sign = at < input.Length ? input[at] : ' ';
        if (sign == '\t')
        {
            return "a tab cannot stand here; use blanks";
        }

        return string.CompareOrdinal(input, at, EnvironmentTemplate.Opening, 0, EnvironmentTemplate.Opening.Length) == 0
            ? $"the environment has no variable {VariableAt(input, at)}, and '%' cannot begin a value; set it, or put the value in quotes"
            : $"a value cannot begin with {Wording.Quote(sign.ToString())}; put it in quotes";
    }

    private static string VariableAt(string input, int at) => Wording.Quote(input[(at + 2)..].Split(')', '\n')[0]);

    private static string Near(ConfigText text, int at) =>
        at >= text.Expanded.TrimEnd().Length ? "before the end of the file" : $"near line {text.PlaceOf(at).Line}";

    /// <summary>The first tab in the indentation of a line, from the line that holds an offset on.</summary>
    private static int? TabIn(string input, int from)
    {
        var line = from == 0 ? 0 : input.LastIndexOf('\n', from - 1) + 1;
        while (line < input.Length)
        {
            var indent = input.AsSpan(line).IndexOfAnyExcept(" \t");
            var width = indent < 0 ? input.Length - line : indent;
            var tab = input.AsSpan(line, width).IndexOf('\t');
            if (tab >= 0)
            {
                return line + tab;
            }

            var end = input.IndexOf('\n', line);
            line = end < 0 ? input.Length : end + 1;
        }

        return null;
    }
}
