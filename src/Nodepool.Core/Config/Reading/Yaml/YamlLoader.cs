using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Nodepool.Core.Config.Reading.Yaml;

/// <summary>
/// Turns YAML events into nodes as PyYAML's safe loader would. Stops at the first thing that is not YAML, and goes on after what
/// is YAML but makes no sense. Bounded in time and memory by <see cref="YamlLimits"/>.
/// </summary>
internal sealed class YamlLoader
{
    private const int LongestKey = 100;
    private const string TagPrefix = "tag:yaml.org,2002:";

    private readonly ConfigText _text;
    private readonly ProblemList _problems;
    private readonly YamlRewrite? _rewrite;
    private readonly AnchorScanner? _scanner;
    private readonly Parser _parser;
    private readonly Stack<YamlFrame> _frames = new();
    private readonly Dictionary<string, YamlNode?> _anchors = new(StringComparer.Ordinal);
    private long _nodes;
    private int _lastPlace;

    private YamlLoader(ConfigText text, YamlRewrite? rewrite = null)
    {
        _text = text;
        _problems = new ProblemList(text);
        _rewrite = rewrite;
        if (rewrite is null)
        {
            _parser = new Parser(new StringReader(text.Expanded));
        }
        else
        {
            _scanner = new AnchorScanner(new StringReader(rewrite.Result));
            _parser = new Parser(_scanner);
        }
    }

    /// <summary>The root of the only document, or null after adding at least one error.</summary>
    public static YamlNode? Load(ConfigText text, ProblemList problems)
    {
        var loader = new YamlLoader(text);
        var root = loader.TryReadDocument(out var failure);
        if (failure is { IsSyntax: true })
        {
            // The parser is stricter than PyYAML. Only what it refuses pays for a second look.
            var second = new YamlLoader(text, YamlRewrite.Of(text.Expanded));
            var other = second.TryReadDocument(out var otherFailure);
            if (otherFailure is null ? second._rewrite!.IsConfirmed : second._rewrite!.IsPlausible && otherFailure.Place > failure.Place)
            {
                (loader, root, failure) = (second, other, otherFailure);
            }
        }

        if (failure is not null)
        {
            loader.Fail(failure);
        }

        problems.Add(loader._problems);
        return root;
    }

    private YamlNode? TryReadDocument(out YamlFailure? failure)
    {
        failure = null;
        try
        {
            YamlCharacters.Check(_text);
            return ReadDocument();
        }
        catch (YamlRefusal refusal)
        {
            failure = new YamlFailure(refusal.Place, refusal.Message, IsSyntax: false);
        }
        catch (YamlException exception)
        {
            failure = new YamlFailure(PlaceOf(exception.Start), exception.Message, IsSyntax: true);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The parser has exits without a place (malformed flow collections); the innermost bracket is what is wrong then.
            failure = new YamlFailure(_lastPlace, "", IsSyntax: true);
        }

        return null;
    }

    private YamlNode ReadDocument()
    {
        Next();
        if (Next() is StreamEnd)
        {
            throw new YamlRefusal(0, "the file holds no configuration");
        }

        var root = Read(Next());
        Next();
        if (Next() is not StreamEnd)
        {
            throw new YamlRefusal(_lastPlace, "a second YAML document begins here; one file holds one configuration: remove the '---' line");
        }

        return root;
    }

    private ParsingEvent Next()
    {
        _parser.MoveNext();
        var current = _parser.Current ?? throw new YamlRefusal(_lastPlace, "the document ends unexpectedly");
        _lastPlace = PlaceOf(current.Start);
        return current;
    }

    private YamlNode Read(ParsingEvent start)
    {
        if (start is AnchorAlias alias)
        {
            return Resolve(alias);
        }

        if (++_nodes > YamlLimits.Nodes)
        {
            throw new YamlRefusal(_lastPlace, $"more than {YamlLimits.Nodes} values in one file");
        }

        var anchor = start is NodeEvent { Anchor: { IsEmpty: false } name } ? name.Value : _scanner?.AnchorAt(start.Start.Index);
        if (anchor is not null)
        {
            _anchors[anchor] = null;
        }

        var node = start switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart sequence => Inside(sequence, isList: true, sequence.Style == SequenceStyle.Flow, ReadSequence),
            MappingStart mapping => Inside(mapping, isList: false, mapping.Style == MappingStyle.Flow, ReadMapping),
            _ => throw new YamlRefusal(_lastPlace, "a value is missing here"),
        };
        if (anchor is not null)
        {
            _anchors[anchor] = node;
        }

        ConfirmRewrite(start);
        return node;
    }

    private void ConfirmRewrite(ParsingEvent start)
    {
        var isWritten = start is Scalar { Style: ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted }
            or SequenceStart { Style: SequenceStyle.Flow } or MappingStart { Style: MappingStyle.Flow };
        if (isWritten && !(_frames.TryPeek(out var around) && around.IsFlow))
        {
            _rewrite?.Confirm(new TextSpan((int)start.Start.Index, (int)_parser.Current!.End.Index));
        }
    }

    private YamlNode Resolve(AnchorAlias alias)
    {
        var name = alias.Value.Value;
        if (_anchors.TryGetValue(name, out var node) && node is not null)
        {
            return node;
        }

        Report(isError: true, SpanOf(alias).Start, node is null && _anchors.ContainsKey(name)
            ? $"the alias {_text.Quote("*" + name)} stands inside its own anchor"
            : Complaint.OfName(
                $"no anchor {_text.Quote("&" + name)} before this alias", name, _problems.IsFull || _text.IsSecret ? [] : _anchors.Keys, "anchors so far"));
        return new YamlScalar(SpanOf(alias), "", isPlain: true);
    }

    private YamlScalar ReadScalar(Scalar scalar)
    {
        var type = TypeOf(scalar, "str", "int", "float", "bool", "null", "timestamp", "merge");
        var isPlain = type is null ? scalar.Style == ScalarStyle.Plain && scalar.Tag.IsEmpty : type is not "str";
        var unresolved = scalar.Value.IndexOf(EnvironmentTemplate.Opening, StringComparison.Ordinal);
        if (unresolved >= 0)
        {
            var name = scalar.Value[(unresolved + 2)..].Split(')')[0];
            Report(isError: false, SpanOf(scalar).Start, $"the environment has no variable {Wording.Quote(name)}; the text stays as it is");
        }

        return new YamlScalar(SpanOf(scalar), scalar.Value, isPlain);
    }

    private YamlNode Inside(NodeEvent start, bool isList, bool isFlow, Func<NodeEvent, YamlFrame, YamlNode> read)
    {
        if (_frames.Count >= YamlLimits.Depth)
        {
            throw new YamlRefusal(_lastPlace, $"more than {YamlLimits.Depth} levels of nesting");
        }

        var frame = new YamlFrame(PlaceOf(start.Start), isList, isFlow);
        _frames.Push(frame);
        var node = read(start, frame);
        _frames.Pop();
        return node;
    }

    private YamlSequence ReadSequence(NodeEvent start, YamlFrame frame)
    {
        TypeOf(start, "seq", "omap", "pairs");
        var items = new List<YamlItem>();
        for (var next = Next(); next is not SequenceEnd; next = Next())
        {
            var place = SpanOf(next).Start;
            items.Add(new YamlItem(Account(frame, Read(next), place), place));
            frame.Count++;
        }

        return new YamlSequence(new TextSpan(frame.Start, PlaceOf(_parser.Current!.End)), items);
    }

    private YamlMapping ReadMapping(NodeEvent start, YamlFrame frame)
    {
        TypeOf(start, "map", "set");
        var entries = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
        var merges = new List<YamlItem>();
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            var keyPlace = SpanOf(next).Start;
            var key = Account(frame, Read(next), keyPlace) as YamlScalar;
            frame.Key = key?.Text ?? "?";
            frame.KeyEnd = PlaceOf(_parser.Current!.End);
            var valueStart = Next();
            var place = SpanOf(valueStart).Start;
            var value = Account(frame, Read(valueStart), place);
            if (key is null)
            {
                Report(isError: true, keyPlace, "a key must be a single value, not a list or mapping");
            }
            else if (key is { IsPlain: true, Text: "<<" })
            {
                merges.Add(new YamlItem(value, place));
            }
            else
            {
                Add(entries, new YamlEntry(key.Text, keyPlace, value, place));
            }

            frame.Key = null;
        }

        var span = new TextSpan(frame.Start, PlaceOf(_parser.Current!.End));
        return new YamlMapping(span, merges.Count == 0 ? entries : Merge(merges, entries));
    }

    private void Add(OrderedDictionary<string, YamlEntry> entries, YamlEntry entry)
    {
        if (entries.TryGetValue(entry.Key, out var earlier))
        {
            var line = _text.PlaceOf(earlier.KeyPlace).Line;
            var key = _text.IsSecret || _frames.Skip(1).Any(frame => SecretNames.IsSecret(frame.Key)) ? "this key" : Wording.Quote(entry.Key);
            Report(isError: false, entry.KeyPlace, $"{key} was given before, on line {line}; the later one, here, counts");
        }

        if (SecretNames.Hides(entry.Key))
        {
            _text.Hide(entry.Value.Span);
        }

        entries[entry.Key] = entry;
    }

    private OrderedDictionary<string, YamlEntry> Merge(List<YamlItem> merges, OrderedDictionary<string, YamlEntry> own)
    {
        var merged = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var merge in merges)
        {
            // Of a list the first counts; of several merge keys the last. That is how PyYAML flattens them.
            var sources = merge.Value is YamlSequence list ? list.Items.Reverse() : [merge];
            foreach (var source in sources)
            {
                MergeOne(merged, source);
            }
        }

        foreach (var (key, entry) in own)
        {
            merged[key] = entry;
        }

        return merged;
    }

    private void MergeOne(OrderedDictionary<string, YamlEntry> merged, YamlItem source)
    {
        if (source.Value is not YamlMapping mapping)
        {
            Report(isError: true, source.Place, $"only a mapping or a list of mappings can be merged with '<<', this is {source.Value.Kind}");
            return;
        }

        _nodes += mapping.Entries.Count;
        if (_nodes > YamlLimits.Nodes)
        {
            throw new YamlRefusal(source.Place, $"merge keys make this more than {YamlLimits.Nodes} values");
        }

        foreach (var entry in mapping.Entries)
        {
            merged[entry.Key] = entry;
        }
    }

    /// <summary>Counts a child, aliases written out, before its parent can grow beyond the limits.</summary>
    private YamlNode Account(YamlFrame frame, YamlNode child, int place)
    {
        frame.Weight += child.Weight;
        if (frame.Weight > YamlLimits.Nodes)
        {
            throw new YamlRefusal(place, $"aliases make this more than {YamlLimits.Nodes} values");
        }

        return _frames.Count + child.Height > YamlLimits.Depth
            ? throw new YamlRefusal(place, $"aliases make this more than {YamlLimits.Depth} levels of nesting")
            : child;
    }

    /// <summary>The short name of an explicit tag, or null; complains when it is none of the allowed.</summary>
    private string? TypeOf(NodeEvent node, params ReadOnlySpan<string> allowed)
    {
        if (node.Tag.IsEmpty || node.Tag.IsNonSpecific)
        {
            return null;
        }

        var tag = node.Tag.Value;
        var name = tag.StartsWith(TagPrefix, StringComparison.Ordinal) ? tag[TagPrefix.Length..] : tag;
        if (tag != name && allowed.Contains(name))
        {
            return name;
        }

        Report(isError: true, SpanOf(node).Start, $"the tag {_text.Quote(tag)} is not understood here; remove it");
        return null;
    }

    private void Report(bool isError, int place, Complaint complaint) => _problems.Add(isError, _text.PlaceOf(place), KeyPath(), complaint);

    private void Fail(YamlFailure failure)
    {
        var (place, message) = failure.IsSyntax
            ? YamlSyntax.Explain(_text, failure.Message, failure.Place, _lastPlace, _frames)
            : (failure.Place, failure.Message);

        // Whatever follows a secret key may belong to it: nobody can know before the file is YAML again.
        if (_frames.Reverse().FirstOrDefault(frame => frame.Key is { } key && SecretNames.Hides(key)) is { } secret)
        {
            _text.Hide(new TextSpan(secret.KeyEnd + 1, _text.Expanded.Length));
        }

        Report(isError: true, place, message);
    }

    private string KeyPath()
    {
        var path = new StringBuilder();
        foreach (var frame in _frames.Reverse())
        {
            if (frame.IsList)
            {
                path.Append('[').Append(frame.Count).Append(']');
            }
            else if (frame.Key is { } key)
            {
                path.Append(path.Length == 0 ? "" : ".").Append(Wording.Printable(key, LongestKey));
            }

            if (SecretNames.IsSecret(frame.Key) || (_text.IsSecret && frame.Key is { } name && SecretNames.Hides(name)))
            {
                break;
            }
        }

        return path.ToString();
    }

    private TextSpan SpanOf(ParsingEvent part) => new(PlaceOf(part.Start), PlaceOf(part.End));

    private int PlaceOf(Mark mark) => _rewrite?.ToOriginal((int)mark.Index) ?? (int)mark.Index;
}
