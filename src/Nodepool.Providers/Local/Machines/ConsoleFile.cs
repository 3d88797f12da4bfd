using System.Text;

namespace Nodepool.Providers.Local.Machines;

/// <summary>Reads what a guest wrote to its serial line.</summary>
internal static class ConsoleFile
{
    /// <summary>Bytes of a console log that are worth showing.</summary>
    public const int TailLength = 64 << 10;

    private const int QuoteLines = 12;

    /// <summary>The end of the file, or null when there is none.</summary>
    public static async ValueTask<string?> TailAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(Math.Max(0, file.Length - TailLength), SeekOrigin.Begin);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return Clean(await reader.ReadToEndAsync(ct));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether the guest has written a line.</summary>
    public static async ValueTask<bool> HasLineAsync(string path, string line, CancellationToken ct) =>
        await TailAsync(path, ct) is { } text && text.Split('\n').Any(each => each.EndsWith(line, StringComparison.Ordinal));

    /// <summary>The last lines, for a message.</summary>
    public static string Quote(string? console) => console?.Trim() is { Length: > 0 } text
        ? "its console ends with: " + string.Join(" | ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(QuoteLines))
        : "its console is empty";

    /// <summary>Serial consoles end lines with CR LF and send escape sequences for colours; neither belongs in a log.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e' && i + 1 < text.Length && text[i + 1] == '[')
            {
                for (i += 2; i < text.Length && text[i] is < '@' or > '~'; i++)
                {
                    // Parameters of the sequence; a letter ends it.
                }
            }
            else if (text[i] is '\n' or '\t' || !char.IsControl(text[i]))
            {
                clean.Append(text[i]);
            }
        }

        return clean.ToString();
    }
}
