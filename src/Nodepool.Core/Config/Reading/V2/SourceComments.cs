using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>The comments of a file, so that a translation can keep them. Each is given out once.</summary>
internal sealed class SourceComments
{
    private const string Withheld = "# (a comment that may hold a secret was left out)";

    /// <summary>What ends a line, and with it a comment, in YAML 1.1.</summary>
    private const string LineEnds = "\r\n\u0085\u2028\u2029";

    private readonly string _text;
    private readonly List<Line> _lines = [];
    private readonly HashSet<int> _given = [];

    /// <summary>Finds them.</summary>
    /// <param name="text">The text that the tree was read from.</param>
    /// <param name="root">The tree: what looks like a comment inside of a value is none.</param>
    public SourceComments(string text, YamlMapping root)
    {
        _text = text;
        for (var start = 0; start < text.Length;)
        {
            var end = text.AsSpan(start).IndexOfAny(LineEnds) is var length and >= 0 ? start + length : text.Length;
            _lines.Add(new Line(start, end, text[start..end].Trim()));
            start = end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
        }

        foreach (var value in LongScalars(root))
        {
            for (var line = LineOf(value.Start) + 1; line < _lines.Count && _lines[line].Start < value.End; line++)
            {
                _lines[line] = _lines[line] with { Content = "x" };
            }
        }
    }

    /// <summary>The comments above everything else.</summary>
    public IEnumerable<string> AtTop()
    {
        var first = _lines.FindIndex(line => line.Content.Length > 0 && line.Content[0] != '#');
        return first < 0 ? [] : Before(first);
    }

    /// <summary>The comments on lines of their own above the line of an offset.</summary>
    public IEnumerable<string> Above(int offset) => Before(LineOf(offset));

    /// <summary>The comment on the rest of the line behind an offset; null when there is none.</summary>
    public string? Behind(int offset)
    {
        var line = LineOf(offset);
        var rest = _text.AsSpan(offset, Math.Max(0, _lines[line].End - offset));
        var trimmed = rest.TrimStart(" \t");
        return trimmed.Length < rest.Length && trimmed.StartsWith('#') && _given.Add(line) ? Safe(trimmed.Trim().ToString()) : null;
    }

    private List<string> Before(int line)
    {
        var found = new List<string>();
        for (var at = line - 1; at >= 0 && (_lines[at].Content.Length == 0 || _lines[at].Content[0] == '#'); at--)
        {
            if (_lines[at].Content.Length > 0 && _given.Add(at))
            {
                found.Add(Safe(_lines[at].Content));
            }
        }

        found.Reverse();
        return found;
    }

    private int LineOf(int offset)
    {
        var (low, high) = (0, _lines.Count);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = _lines[middle].Start <= offset ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static string Safe(string comment) => SecretNames.StartOfHidden(comment) < comment.Length ? Withheld : comment;

    private IEnumerable<TextSpan> LongScalars(YamlNode root)
    {
        var seen = new HashSet<YamlNode>();
        var left = new Stack<YamlNode>([root]);
        while (left.TryPop(out var node))
        {
            if (!seen.Add(node))
            {
                continue;
            }

            switch (node)
            {
                case YamlMapping mapping:
                    foreach (var entry in mapping.Entries)
                    {
                        left.Push(entry.Value);
                    }

                    break;
                case YamlSequence list:
                    foreach (var item in list.Items)
                    {
                        left.Push(item.Value);
                    }

                    break;
                case var scalar when _text.AsSpan()[scalar.Span.Start..Math.Min(scalar.Span.End, _text.Length)].Contains('\n'):
                    yield return scalar.Span;
                    break;
            }
        }
    }

    /// <summary>One line.</summary>
    /// <param name="Start">Offset of its first character.</param>
    /// <param name="End">Offset behind its last character, the line end left out.</param>
    /// <param name="Content">Without blanks at both ends.</param>
    private readonly record struct Line(int Start, int End, string Content);
}
