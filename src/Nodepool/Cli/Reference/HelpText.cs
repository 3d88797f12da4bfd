using System.Text;

namespace Nodepool.Cli.Reference;

/// <summary>A reference page as <c>--help</c> shows it.</summary>
internal static class HelpText
{
    private const int WidestTerm = 26;

    /// <param name="page">What to say.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(ReferencePage page, int width)
    {
        var text = new StringBuilder().AppendWrapped(page.Summary, 0, width);
        text.Append("\nUsage: ").AppendWrapped(page.Usage, 7, width);
        if (page.Details is { } details)
        {
            text.Append('\n').AppendWrapped(details, 0, width);
        }

        Rows(text, "Commands", page.Commands, width);
        Rows(text, "Arguments", page.Arguments, width);
        Rows(text, "Options", page.Options, width);
        Rows(text, "Options of all commands", page.GlobalOptions, width);
        Examples(text, page.Examples, width);
        Rows(text, "Exit status", page.Statuses, width);
        return text.ToString();
    }

    private static void Rows(StringBuilder text, string title, IReadOnlyList<ReferenceRow> rows, int width)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.Append('\n').Append(title).Append(":\n");
        var column = rows.Where(row => row.Term.Length <= WidestTerm).Select(row => row.Term.Length).DefaultIfEmpty(WidestTerm).Max() + 4;
        foreach (var (term, meaning) in rows)
        {
            text.Append("  ").Append(term);
            text = term.Length + 4 > column ? text.Append('\n').Append(' ', column) : text.Append(' ', column - term.Length - 2);
            text.AppendWrapped(meaning, column, width);
        }
    }

    private static void Examples(StringBuilder text, IReadOnlyList<Example> examples, int width)
    {
        if (examples.Count == 0)
        {
            return;
        }

        text.Append("\nExamples:\n");
        foreach (var (line, effect) in examples)
        {
            text.Append("  ").Append(line).Append("\n      ").AppendWrapped(effect, 6, width);
        }
    }
}
