using System.Text;

namespace Nodepool.Core.Config.Reading;

/// <summary>
/// Replaces <c>%(NODEPOOL_NAME)</c> by environment variables before YAML sees the text, once and without looking into the values.
/// Unknown names stay as they are. Keeps where every piece came from, so that places refer to the file and not to the result.
/// </summary>
internal sealed class EnvironmentTemplate
{
    public const string Opening = "%(NODEPOOL_";

    private readonly List<Piece> _pieces = [];

    private EnvironmentTemplate(string result) => Result = result;

    /// <summary>The text after replacement.</summary>
    public string Result { get; private set; }

    /// <summary>Where the result became longer than allowed, as an offset in the original; null when it did not.</summary>
    public int? OverflowAt { get; private set; }

    public static EnvironmentTemplate Apply(string original, Func<string, string?> environment, int maxLength)
    {
        var template = new EnvironmentTemplate(original);
        StringBuilder? result = null;
        var copied = 0;
        for (var at = Next(original, 0); at >= 0; at = Next(original, at + 1))
        {
            var end = EndOfName(original, at + Opening.Length);
            if (end < 0 || environment(original[(at + 2)..end]) is not { } value)
            {
                continue;
            }

            result ??= new StringBuilder(original.Length);
            result.Append(original, copied, at - copied);
            template._pieces.Add(new Piece(new TextSpan(result.Length, result.Length + value.Length), new TextSpan(at, end + 1)));
            result.Append(value);
            copied = end + 1;
            if (result.Length > maxLength)
            {
                template.OverflowAt = at;
                break;
            }
        }

        if (result is not null)
        {
            template.Result = result.Append(original, copied, original.Length - copied).ToString();
        }

        return template;
    }

    /// <summary>The offset in the original that an offset in the result stems from.</summary>
    public int ToOriginal(int offset)
    {
        var index = LastPieceFrom(offset);
        if (index < 0)
        {
            return offset;
        }

        var piece = _pieces[index];
        return offset < piece.Result.End ? piece.Original.Start : offset + piece.Original.End - piece.Result.End;
    }

    /// <summary>Whether any of this part of the result came out of the environment.</summary>
    public bool IsReplaced(TextSpan span)
    {
        var index = LastPieceFrom(span.Start);
        return (index >= 0 && _pieces[index].Result.Overlaps(span))
            || (index + 1 < _pieces.Count && _pieces[index + 1].Result.Overlaps(span));
    }

    private static int Next(string text, int from) => text.IndexOf(Opening, from, StringComparison.Ordinal);

    private static int EndOfName(string text, int from)
    {
        var at = from;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }

        return at > from && at < text.Length && text[at] == ')' ? at : -1;
    }

    /// <summary>The last piece that starts at or before an offset in the result, or -1.</summary>
    private int LastPieceFrom(int offset)
    {
        var (low, high) = (0, _pieces.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _pieces[middle].Result.Start <= offset ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    private readonly record struct Piece(TextSpan Result, TextSpan Original);
}
