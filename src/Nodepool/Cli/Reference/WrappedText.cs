using System.Text;

namespace Nodepool.Cli.Reference;

/// <summary>Breaks text between words.</summary>
internal static class WrappedText
{
    /// <summary>Appends text whose lines begin at a column and have at most so many characters; a longer word stays whole.</summary>
    /// <param name="text">Where to; the first line has been begun at <paramref name="indent"/>.</param>
    /// <param name="words">The text.</param>
    /// <param name="indent">Column of the further lines.</param>
    /// <param name="width">Columns of a line.</param>
    public static StringBuilder AppendWrapped(this StringBuilder text, string words, int indent, int width)
    {
        var column = indent;
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > indent && column + 1 + word.Length > width)
            {
                text.Append('\n').Append(' ', indent);
                column = indent;
            }
            else if (column > indent)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        return text.Append('\n');
    }
}
