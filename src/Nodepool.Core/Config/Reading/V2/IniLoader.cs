using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>
/// Reads the secure file of the form before Nodepool 3, as Python's ConfigParser did: <c>[section]</c> lines, <c>key = value</c> or
/// <c>key: value</c>, comments on lines of their own, longer values on lines that are indented. Keys are of lower case.
/// </summary>
internal static class IniLoader
{
    /// <summary>A mapping of sections, each a mapping of keys; null after adding an error.</summary>
    public static YamlMapping? Load(ConfigText text, ProblemList problems)
    {
        var sections = new OrderedDictionary<string, Section>(StringComparer.Ordinal);
        Section? current = null;
        var input = text.Expanded;
        for (var (start, next) = (0, 0); start < input.Length; start = next)
        {
            var end = input.AsSpan(start).IndexOfAny('\r', '\n') is var length and >= 0 ? start + length : input.Length;
            next = Math.Min(input.Length, end + (end + 1 < input.Length && input[end] == '\r' && input[end + 1] == '\n' ? 2 : 1));
            var line = input[start..end];
            if (line.Trim() is not { Length: > 0 } content || content[0] is '#' or ';')
            {
                continue;
            }

            if (char.IsWhiteSpace(line[0]) && current is { Last: not null })
            {
                current.Continue(content, end);
            }
            else if (content[0] == '[' && content[^1] == ']')
            {
                var name = content[1..^1].Trim();
                current = sections.TryGetValue(name, out var earlier) ? earlier : sections[name] = new Section(start);
                current.Last = null;
            }
            else if (current is null || content.IndexOfAny(['=', ':']) is not (var sign and > 0))
            {
                problems.Add(isError: true, text.PlaceOf(start), "", "a '[section]' line or 'key = value' expected; this is a secure file of the form before Nodepool 3");
                return null;
            }
            else
            {
                var keyPlace = start + line.Length - line.TrimStart().Length;
                var place = keyPlace + sign + 1;
                while (place < end && char.IsWhiteSpace(input[place]))
                {
                    place++;
                }

                current.Set(content[..sign].TrimEnd().ToLowerInvariant(), keyPlace, new TextSpan(place, end), input[place..end].TrimEnd());
            }
        }

        var entries = new OrderedDictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var (name, section) in sections)
        {
            entries[name] = new YamlEntry(name, section.Place, new YamlMapping(new TextSpan(section.Place, section.Place), section.Entries), section.Place);
        }

        return new YamlMapping(new TextSpan(0, 0), entries);
    }

    /// <summary>A section in the making.</summary>
    private sealed class Section(int place)
    {
        public int Place { get; } = place;

        public OrderedDictionary<string, YamlEntry> Entries { get; } = new(StringComparer.Ordinal);

        /// <summary>The key that an indented line belongs to.</summary>
        public string? Last { get; set; }

        public void Set(string key, int keyPlace, TextSpan span, string value)
        {
            Entries[key] = new YamlEntry(key, keyPlace, new YamlScalar(span, value, isPlain: false), span.Start);
            Last = key;
        }

        public void Continue(string more, int end)
        {
            var entry = Entries[Last!];
            var value = (YamlScalar)entry.Value;
            Entries[Last!] = entry with { Value = new YamlScalar(new TextSpan(value.Span.Start, end), value.Text + "\n" + more, isPlain: false) };
        }
    }
}
