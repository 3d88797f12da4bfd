namespace Nodepool.Logging.Python;

/// <summary>The lines of an ini file as Python's <c>configparser</c> reads them: sections of keys, each with its line.</summary>
internal sealed class IniText
{
    private readonly Dictionary<string, Dictionary<string, (string Value, int Line)>> _sections = new(StringComparer.Ordinal);

    private IniText(string file) => File = file;

    /// <summary>Path as messages show it.</summary>
    public string File { get; }

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">A line is neither a section nor a key; the message says where.</exception>
    public static IniText Parse(string file, string text)
    {
        var ini = new IniText(file);
        Dictionary<string, (string Value, int Line)>? section = null;
        var last = "";
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (line.Length == 0 || line.TrimStart()[0] is '#' or ';')
            {
                continue;
            }

            if (line is ['[', .. var name, ']'])
            {
                ini._sections[name] = section = new(StringComparer.OrdinalIgnoreCase);
                last = "";
            }
            else if (char.IsWhiteSpace(line[0]) && section is not null && last.Length > 0)
            {
                section[last] = ($"{section[last].Value}\n{line.Trim()}", section[last].Line);
            }
            else if (section is not null && line.IndexOfAny(['=', ':']) is var at and > 0)
            {
                last = line[..at].Trim();
                section[last] = (line[(at + 1)..].Trim(), i + 1);
            }
            else
            {
                throw new FormatException($"{file}:{i + 1}:1: error: a '[section]' or a 'key = value' expected");
            }
        }

        return ini;
    }

    /// <summary>A value, or null.</summary>
    public string? Text(string section, string key) => _sections.GetValueOrDefault(section) is { } keys && keys.TryGetValue(key, out var found) ? found.Value : null;

    /// <summary>The words of a list that is separated by commas.</summary>
    public IReadOnlyList<string> Words(string section, string key) =>
        Text(section, key)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>A complaint about a key, with its place.</summary>
    public string Warning(string section, string key, string message) =>
        $"{File}:{(_sections.GetValueOrDefault(section) is { } keys && keys.TryGetValue(key, out var found) ? found.Line : 1)}:1: warning: [{section}] {key}: {message}";
}
