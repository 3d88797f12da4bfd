using System.Text;

namespace Nodepool.Cli.Reference;

/// <summary>A reference page as a man page of section 1 (roff with the macros of man(7)).</summary>
internal static class ManPage
{
    /// <summary>Name of the page and of its file without the section: <c>nodepool-list</c>.</summary>
    public static string NameOf(ReferencePage page) => page.Title.Replace(' ', '-');

    /// <param name="page">What to say.</param>
    /// <param name="others">The pages of SEE ALSO.</param>
    public static string Of(ReferencePage page, IReadOnlyList<ReferencePage> others)
    {
        var name = NameOf(page);
        var text = new StringBuilder()
            .Append($".TH {name.ToUpperInvariant()} 1 \"\" \"Nodepool {ProgramVersion.Text}\" \"Nodepool\"\n")
            .Append($".SH NAME\n{Text(name)} \\- {Text(Lowered(page.Summary))}\n")
            .Append($".SH SYNOPSIS\n.B {Text(page.Title)}\n").Append(Text(page.Usage[page.Title.Length..].Trim())).Append('\n');
        Section(text, "DESCRIPTION").Append($"{Line(Sentence(page.Summary))}\n");
        if (page.Details is { } details)
        {
            text.Append(".PP\n").Append(Line(details)).Append('\n');
        }

        Rows(text, "COMMANDS", page.Commands);
        Rows(text, "ARGUMENTS", page.Arguments);
        Rows(text, "OPTIONS", page.Options);
        Rows(text, "OPTIONS OF ALL COMMANDS", page.GlobalOptions);
        Examples(text, page.Examples);
        Rows(text, "EXIT STATUS", page.Statuses);
        Rows(text, "ENVIRONMENT", page.Environment);
        Rows(text, "FILES", page.Files);
        Section(text, "SEE ALSO").AppendJoin(",\n", others.Select(other => $".BR {Text(NameOf(other))} (1)")).Append('\n');
        return text.ToString();
    }

    /// <summary>Without hyphens and wide gaps: names are to be copied. Each heading switches them on again.</summary>
    private static StringBuilder Section(StringBuilder text, string title) => text.Append($".SH {title}\n.nh\n.ad l\n");

    private static void Rows(StringBuilder text, string title, IReadOnlyList<ReferenceRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        Section(text, title);
        foreach (var (term, meaning) in rows)
        {
            text.Append($".TP\n.B {Text(term)}\n{Line(Sentence(meaning))}\n");
        }
    }

    private static void Examples(StringBuilder text, IReadOnlyList<Example> examples)
    {
        Section(text, "EXAMPLES");
        foreach (var (line, effect) in examples)
        {
            text.Append($".PP\n{Line(Sentence(effect).TrimEnd('.'))}:\n.PP\n.RS 4\n.EX\n{Line(line)}\n.EE\n.RE\n");
        }
    }

    private static string Sentence(string text) => text.Length == 0 || text[^1] is '.' ? text : text + ".";

    /// <summary>NAME lines go on in small letters: "nodepool-list - list the nodes".</summary>
    private static string Lowered(string text) => char.ToLowerInvariant(text[0]) + text[1..].TrimEnd('.');

    /// <summary>A line that begins with a dot or an apostrophe would be a request.</summary>
    private static string Line(string text) => text.StartsWith('.') || text.StartsWith('\'') ? "\\&" + Text(text) : Text(text);

    /// <summary>Backslashes, and the characters that typesetters replace by prettier ones which nobody can paste into a shell.</summary>
    private static string Text(string text) => text
        .Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace("'", "\\(aq", StringComparison.Ordinal)
        .Replace("`", "\\(ga", StringComparison.Ordinal).Replace("^", "\\(ha", StringComparison.Ordinal).Replace("~", "\\(ti", StringComparison.Ordinal);
}
