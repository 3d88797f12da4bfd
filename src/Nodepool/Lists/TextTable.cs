using System.Text;
using Nodepool.Logging;

namespace Nodepool.Lists;

/// <summary>Draws a list the way PrettyTable does: scripts of the field cut such boxes apart.</summary>
internal static class TextTable
{
    /// <summary>The box, each line ended by a line feed. Nothing is cut, however narrow the terminal is.</summary>
    /// <param name="table">The list.</param>
    /// <param name="useColour">Colour states; widths, and the text without the colours, stay the same.</param>
    public static string Draw(ListTable table, bool useColour = false)
    {
        var head = table.Titles.ToArray();
        var rows = table.Rows.Select(row => row.Select(cell => Printable.Line(cell.Text)).ToArray()).ToArray();
        var widths = head.Select((title, column) => rows.Select(row => Width(row[column])).Append(Width(title)).Max()).ToArray();
        var rule = "+" + string.Concat(widths.Select(width => new string('-', width + 2) + "+")) + "\n";
        var text = new StringBuilder().Append(rule);
        Line(text, head, widths, (_, title) => title).Append(rule);
        foreach (var row in rows)
        {
            Line(text, row, widths, (column, cell) => useColour && CellColour.Of(table.Fields[column], cell) is { } colour ? $"{colour}{cell}\e[0m" : cell);
        }

        return text.Append(rule).ToString();
    }

    private static StringBuilder Line(StringBuilder text, string[] cells, int[] widths, Func<int, string, string> paint)
    {
        for (var column = 0; column < cells.Length; column++)
        {
            text.Append("| ").Append(paint(column, cells[column])).Append(' ', widths[column] - Width(cells[column]) + 1);
        }

        return text.Append("|\n");
    }

    private static int Width(string text) => Ascii.IsValid(text) ? text.Length : new System.Globalization.StringInfo(text).LengthInTextElements;
}
