using System.Buffers;
using System.Text;

namespace Nodepool.Lists;

/// <summary>
/// Writes a list as CSV (RFC 4180): the names of the fields, then the values that JSON output has. Null is empty, the items of a list are
/// joined by commas, objects are JSON.
/// </summary>
internal static class ListCsv
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>The text; each line ends with CR LF.</summary>
    public static string Write(ListTable table)
    {
        var text = new StringBuilder();
        Line(text, table.Fields);
        foreach (var row in table.Rows)
        {
            Line(text, row.Select(Value));
        }

        return text.ToString();
    }

    private static string Value(ListCell cell) =>
        cell.Json.IsNull ? "" : cell.Json.AsText() ?? (cell.Json.Utf8[0] == (byte)'[' ? cell.Text : cell.Json.ToString());

    private static void Line(StringBuilder text, IEnumerable<string> values) =>
        text.AppendJoin(',', values.Select(value => value.AsSpan().ContainsAny(Special) ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value)).Append("\r\n");
}
