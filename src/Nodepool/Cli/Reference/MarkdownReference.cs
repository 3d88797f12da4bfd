using System.Text;

namespace Nodepool.Cli.Reference;

/// <summary>All pages as one document: docs/cli.md. A test keeps the file current.</summary>
internal static class MarkdownReference
{
    /// <param name="program">The page of the program.</param>
    /// <param name="verbs">The pages of the verbs.</param>
    public static string Of(ReferencePage program, IReadOnlyList<ReferencePage> verbs)
    {
        var text = new StringBuilder(
            $"""
             # The command line

             {program.Summary} `{program.Usage}`

             This file is made from the same source as `nodepool COMMAND --help` and the man pages (`nodepool man`); a test tells when it is stale.

             ## Forms of answers

             `-o table` is what Python Nodepool prints, byte for byte, on terminals and pipes alike: a table is never cut. `-o wide` shows all columns.
             `-o json` and `-o yaml` hold the fields of the web lists, ages as the Unix second of the last change. `-o csv` is RFC 4180: the names of the
             fields, then the values of the JSON; null is empty, lists are joined by commas. Colours appear on terminals only; they change no width and no
             character. Filters (`--state`, `--label`, …) may be repeated and take comma lists: all rows that match one of the words of each option.

             With `--watch` a list goes on until Ctrl-C, which then is a success. On a terminal it is redrawn in place, at once when something changes, at most
             four times a second, and each second for the ages. Elsewhere it is printed again when something has changed: tables with an empty line between
             them, JSON on one line each, YAML as documents.

             What cannot be brought back is asked for on the terminal; `--force` skips the question. Without a terminal and without `--force` such a command
             refuses; commands that scripts of the field have always called without an answer do their work without asking there.

             Answers go to standard output; questions, progress, notes and problems to standard error, a problem as one line that says what to do.

             """);
        Rows(text, "Exit status", "status", program.Statuses);
        Rows(text, "Options of all commands", "option", program.GlobalOptions);
        Rows(text, "Environment", "variable", program.Environment);
        text.Append("\n## Commands\n\n").AppendJoin(" · ", verbs.Select(page => $"[{Word(page)}](#{Word(page)})")).Append('\n');
        foreach (var page in verbs)
        {
            Page(text, page);
        }

        return text.ToString();
    }

    private static void Page(StringBuilder text, ReferencePage page)
    {
        text.Append($"\n### {Word(page)}\n\n{page.Summary}. `{page.Usage}`\n");
        if (page.Details is { } details)
        {
            text.Append('\n').AppendWrapped(details, 0, 150);
        }

        Table(text, "argument or option", [.. page.Arguments, .. page.Options]);
        text.Append('\n').AppendJoin('\n', page.Examples.Select(example => $"- `{example.Line}`  \n  {example.Effect}")).Append('\n');
    }

    private static void Rows(StringBuilder text, string title, string head, IReadOnlyList<ReferenceRow> rows)
    {
        text.Append($"\n## {title}\n");
        Table(text, head, rows);
    }

    private static void Table(StringBuilder text, string head, IReadOnlyList<ReferenceRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.Append($"\n| {head} | |\n|---|---|\n");
        foreach (var (term, meaning) in rows)
        {
            text.Append($"| `{term.Replace("|", "\\|", StringComparison.Ordinal)}` | {meaning.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }

    private static string Word(ReferencePage page) => page.Title.Split(' ')[1];
}
