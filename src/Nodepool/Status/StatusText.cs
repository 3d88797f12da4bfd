using System.Text;
using Nodepool.Lists;
using Nodepool.Logging;

namespace Nodepool.Status;

/// <summary>The report for people.</summary>
internal static class StatusText
{
    public static string Draw(StatusReport report, bool useColour)
    {
        var text = new StringBuilder();
        if (report.Problems.Count == 0)
        {
            text.Append(Paint("\e[32m", "No problems.")).Append('\n');
        }
        else
        {
            text.Append(Paint("\e[1;31m", report.Problems.Count == 1 ? "1 problem:" : $"{report.Problems.Count} problems:")).Append('\n');
            foreach (var problem in report.Problems)
            {
                text.Append("  - ").Append(Printable.Line(problem)).Append('\n');
            }
        }

        foreach (var (title, _, table) in report.Sections)
        {
            text.Append('\n').Append(Paint("\e[1m", title));
            text.Append(table.Rows.Count == 0 ? ": none\n" : "\n" + TextTable.Draw(table, useColour));
        }

        return text.ToString();

        string Paint(string colour, string word) => useColour ? $"{colour}{word}\e[0m" : word;
    }
}
