namespace Nodepool.Core.Config.Reading;

/// <summary>The text of one configuration file: finds places in it and shows lines of it with secret values hidden.</summary>
public sealed class ConfigText
{
    private const int LongestCountedLine = 20_000;
    private const char Mask = '*';

    private readonly string _original;
    private readonly EnvironmentTemplate _template;
    private readonly List<TextSpan> _hidden = [];
    private readonly List<int> _lineStarts;

    internal ConfigText(string file, string directory, string original, Func<string, string?> environment, int maxLength, bool isSecret = false)
    {
        IsSecret = isSecret;
        File = file;
        Directory = directory;
        _original = original.TrimStart('\uFEFF');
        _template = EnvironmentTemplate.Apply(_original, environment, maxLength);
        _lineStarts = FindLines(_original);
    }

    /// <summary>Path of the file as it was given.</summary>
    public string File { get; }

    /// <summary>Absolute directory that relative paths in the file start from.</summary>
    public string Directory { get; }

    /// <summary>It is the secure file: no line and no value of it is shown.</summary>
    internal bool IsSecret { get; }

    /// <summary>What the file holds; secrets as well.</summary>
    internal string Original => _original;

    /// <summary>What YAML reads: the text with environment variables put in.</summary>
    internal string Expanded => _template.Result;

    internal int? OverflowAt => _template.OverflowAt;

    /// <summary>One line as the file has it, values of secret keys masked; empty when there is no such line or all of it is secret.</summary>
    public string Line(int number)
    {
        if (IsSecret || number < 1 || number > _lineStarts.Count)
        {
            return "";
        }

        var start = _lineStarts[number - 1];
        var end = number < _lineStarts.Count ? _lineStarts[number] : _original.Length;
        var line = _original[start..end].TrimEnd('\r', '\n').ToCharArray();
        // A value in quotes that were not closed ends on another line, in front of its key, and the mask over it would cover the key's name.
        var rest = line.AsSpan(SecretNames.StartOfHidden(line));
        foreach (var span in _hidden)
        {
            line.AsSpan()[Math.Clamp(span.Start - start, 0, line.Length)..Math.Clamp(span.End - start, 0, line.Length)].Fill(Mask);
        }

        rest[(rest.Length - rest.TrimStart(' ').Length)..].Fill(Mask);
        return new string(line);
    }

    /// <summary>The place of an offset in the expanded text.</summary>
    internal TextPlace PlaceOf(int expandedOffset) => PlaceOfOriginal(_template.ToOriginal(expandedOffset));

    internal TextPlace PlaceOfOriginal(int offset)
    {
        var at = Math.Clamp(offset, 0, _original.Length);
        var found = _lineStarts.BinarySearch(at);
        var line = found >= 0 ? found : ~found - 1;
        var before = _original.AsSpan(_lineStarts[line]..at);
        if (before.Length > LongestCountedLine)
        {
            return new TextPlace(line + 1, before.Length + 1);
        }

        var column = 1;
        foreach (var _ in before.EnumerateRunes())
        {
            column++;
        }

        return new TextPlace(line + 1, column);
    }

    /// <summary>Masks a part of the expanded text in <see cref="Line"/>.</summary>
    internal void Hide(TextSpan expanded)
    {
        if (expanded.End > expanded.Start)
        {
            _hidden.Add(new TextSpan(_template.ToOriginal(expanded.Start), _template.ToOriginal(expanded.End)));
        }
    }

    /// <summary>Whether this part of the expanded text must not be repeated in a message because the environment supplied it.</summary>
    internal bool IsFromEnvironment(TextSpan expanded) => _template.IsReplaced(expanded);

    /// <summary>A piece of the text in quotes for a message, or words that stand for it when it may be a secret.</summary>
    internal string Quote(string piece) => IsSecret ? "that is not shown because it may be secret" : Wording.Quote(piece);

    private static List<int> FindLines(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return starts;
    }
}
