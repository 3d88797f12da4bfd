namespace Nodepool.Core.Config.Reading;

/// <summary>Looks at the text of a secure file before YAML does.</summary>
internal static class SecureText
{
    /// <summary>Nothing but comments: there is nothing to keep secret, which is no error.</summary>
    public static bool IsEmpty(string text) => FirstLine(text) < 0;

    /// <summary>Whether it begins with a <c>[section]</c> line, as secure files did before Nodepool 3.</summary>
    public static bool OpensSection(string text)
    {
        var start = FirstLine(text);
        if (start < 0)
        {
            return false;
        }

        var line = text.AsSpan(start);
        line = line[..(line.IndexOfAny('\r', '\n') is var end and >= 0 ? end : line.Length)].Trim();
        return line.StartsWith('[') && line.EndsWith(']') && !line.ContainsAny(",:{");
    }

    /// <summary>Offset of the first line that says anything; -1 when none does.</summary>
    private static int FirstLine(string text)
    {
        var start = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.Trim() is { Length: > 0 } content && content[0] is not ('#' or ';') && content is not "---")
            {
                // The enumerator does not say where its line is; what it gives is a part of the text.
                return text.AsSpan().Overlaps(content, out start) ? start : -1;
            }
        }

        return -1;
    }
}
