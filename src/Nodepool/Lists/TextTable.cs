using System.Text;
using Nodepool.Logging;

namespace Nodepool.Lists;

/// <summary>Draws a list the way PrettyTable does: scripts of the field cut such boxes apart.</summary>
internal static class TextTable
{
    /// <summary>The box, each line ended by a line feed.</summary>
    public static string Draw(ListTable table)
    {
        var head = table.Titles.ToArray();
        var rows = table.Rows.Select(row => row.Select(cell => Printable.Line(cell.Text)).ToArray()).ToArray();
        var widths = head.Select((title, column) => rows.Select(row => Width(row[column])).Append(Width(title)).Max()).ToArray();
        var rule = "+" + string.Concat(widths.Select(width => new string('-', width + 2) + "+")) + "\n";
        var text = new StringBuilder().Append(rule);
        Line(text, head, widths).Append(rule);
        foreach (var row in rows)
        {
            Line(text, row, widths);
        }

        return text.Append(rule).ToString();
    }

    private static StringBuilder Line(StringBuilder text, string[] cells, int[] widths)
    {
        foreach (var (cell, width) in cells.Zip(widths))
        {
            text.Append("| ").Append(cell).Append(' ', width - Width(cell) + 1);
        }

        return text.Append("|\n");
    }

    private static int Width(string text) => new System.Globalization.StringInfo(text).LengthInTextElements;
}
