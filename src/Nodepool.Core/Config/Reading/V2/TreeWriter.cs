using System.Text;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>Writes a translated tree as the YAML that an operator would write, with remarks and with the comments of the file.</summary>
internal sealed class TreeWriter
{
    private const string Remark = "# v2: ";
    private const int Step = 2;

    private readonly StringBuilder _out = new();
    private readonly TreeComments _remarks;
    private readonly SourceComments _comments;
    private readonly string _source;

    private TreeWriter(V2Translation translation, YamlMapping original, string source)
    {
        _remarks = translation.Comments;
        _source = source;
        _comments = new SourceComments(source, original);
    }

    /// <summary>The tree as text.</summary>
    /// <param name="translation">The tree.</param>
    /// <param name="original">The tree that it stems from.</param>
    /// <param name="source">The text of that.</param>
    /// <param name="head">Lines to put above everything, without number signs.</param>
    public static string Write(V2Translation translation, YamlMapping original, string source, params ReadOnlySpan<string> head)
    {
        var writer = new TreeWriter(translation, original, source);
        foreach (var line in head)
        {
            writer.Line(0, $"# {line}");
        }

        foreach (var comment in writer._comments.AtTop())
        {
            writer.Line(0, comment);
        }

        writer.Mapping(translation.Root, 0, isTop: true);
        if (translation.Root.Entries.Count == 0)
        {
            // An empty file is no configuration.
            writer.Line(0, "labels: []");
        }

        return writer._out.ToString();
    }

    private void Mapping(YamlMapping mapping, int indent, bool isTop = false, bool isItem = false)
    {
        var isFirst = true;
        foreach (var entry in mapping.Entries)
        {
            if (isTop && (isFirst || entry.Value is not YamlScalar))
            {
                _out.Append('\n');
            }

            if (isFirst && isItem)
            {
                // Its comments stand above the dash, which the list has written with them.
                Entry(entry, indent, prefix: "");
            }
            else
            {
                Comments(mapping, entry, indent);
                Entry(entry, indent, new string(' ', indent));
            }

            isFirst = false;
        }

        foreach (var remark in _remarks.Before(mapping, TreeComments.End))
        {
            Line(indent, Remark + remark);
        }
    }

    private void Entry(YamlEntry entry, int indent, string prefix)
    {
        _out.Append(prefix).Append(ScalarText.Key(entry.Key)).Append(':');
        switch (entry.Value)
        {
            case YamlMapping { Entries.Count: > 0 } mapping:
                _out.Append('\n');
                Mapping(mapping, indent + Step);
                break;
            case YamlSequence { Items.Count: > 0 } list:
                _out.Append('\n');
                List(list, indent + Step);
                break;
            case var other:
                Value(other, indent);
                break;
        }
    }

    private void List(YamlSequence list, int indent)
    {
        foreach (var item in list.Items)
        {
            var blanks = new string(' ', indent);
            switch (item.Value)
            {
                case YamlMapping { Entries.Count: > 0 } mapping:
                    Comments(mapping, mapping.Entries.First(), indent);
                    _out.Append(blanks).Append("- ");
                    Mapping(mapping, indent + Step, isItem: true);
                    break;
                case YamlSequence { Items.Count: > 0 } inner:
                    _out.Append(blanks).Append("-\n");
                    List(inner, indent + Step);
                    break;
                case var other:
                    Above(item.Place, indent);
                    _out.Append(blanks).Append('-');
                    Value(other, indent);
                    break;
            }
        }
    }

    /// <summary>A value on the line of its key or dash.</summary>
    private void Value(YamlNode value, int indent)
    {
        var text = value switch
        {
            YamlScalar scalar => ScalarText.Write(scalar, _source, indent + Step),
            YamlSequence => "[]",
            _ => "{}",
        };
        _out.Append(text.Length == 0 ? "" : " ").Append(text);
        if (value is YamlScalar && value.Span.End > value.Span.Start && !text.StartsWith('|') && _comments.Behind(value.Span.End) is { } comment)
        {
            _out.Append("  ").Append(comment);
        }

        _out.Append('\n');
    }

    private void Comments(YamlMapping mapping, YamlEntry entry, int indent)
    {
        foreach (var remark in _remarks.Before(mapping, entry.Key))
        {
            Line(indent, Remark + remark);
        }

        Above(entry.KeyPlace, indent);
    }

    private void Above(int offset, int indent)
    {
        foreach (var comment in _comments.Above(offset))
        {
            Line(indent, comment);
        }
    }

    private void Line(int indent, string text) => _out.Append(' ', indent).Append(text).Append('\n');
}
