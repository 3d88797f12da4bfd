using System.CommandLine;
using System.CommandLine.Completions;

namespace Nodepool.Cli.Completion;

/// <summary>Finds what a half-typed command line can go on with.</summary>
/// <param name="root">All commands.</param>
/// <param name="live">Reads the names that exist now, given the words that were typed; called only when they are needed.</param>
internal sealed class Completer(RootCommand root, Func<TypedWords, LiveState> live)
{
    /// <summary>Says that the shell's own completion of file names fits.</summary>
    public const string Files = ":files";

    /// <summary>The same of directories.</summary>
    public const string Directories = ":dirs";

    /// <summary>What the last word can become, each suggestion a whole word.</summary>
    /// <param name="words">The words behind the program's name; the last is being typed and may be empty.</param>
    public IEnumerable<Suggestion> Complete(IReadOnlyList<string> words)
    {
        var typed = new TypedWords(root);
        foreach (var word in words.SkipLast(1))
        {
            typed.Take(word);
        }

        var current = words.Count == 0 ? "" : words[^1];
        if (typed.IsLost)
        {
            return [];
        }

        if (typed.Pending is { } option)
        {
            return Values(option, "", current, typed);
        }

        if (current.StartsWith('-') && !typed.OnlyArguments)
        {
            var equals = current.IndexOf('=', StringComparison.Ordinal);
            return equals < 0 ? Options(current, typed)
                : typed.Find(current[..equals]) is { } named ? Values(named, current[..(equals + 1)], current[(equals + 1)..], typed)
                : [];
        }

        return typed.Verb is null ? Verbs(current)
            : typed.NextArgument is { } argument ? Values(argument, "", current, typed)
            : [];
    }

    private IEnumerable<Suggestion> Verbs(string begun) => root.Subcommands.OfType<Verb>()
        .Where(verb => !verb.Hidden && verb.Name.StartsWith(begun, StringComparison.Ordinal)).Select(verb => new Suggestion(verb.Name, Hint(verb)));

    /// <summary>The long names that can still be given.</summary>
    private static IEnumerable<Suggestion> Options(string begun, TypedWords typed) => typed.Options
        .Where(option => option.Arity.MaximumNumberOfValues > 1 || typed.ValuesOf(option).Count == 0)
        .Where(option => option.Name.StartsWith(begun, StringComparison.Ordinal)).Select(option => new Suggestion(option.Name, Hint(option)));

    /// <summary>What stands before the first colon, semicolon or bracket: there is little room beside the words.</summary>
    private static string Hint(Symbol symbol) => (symbol.Description ?? "").Split([':', ';', '('], 2)[0].TrimEnd();

    private IEnumerable<Suggestion> Values(Symbol symbol, string prefix, string begun, TypedWords typed)
    {
        var metavariable = TypedWords.Metavariable(symbol);
        if (metavariable is "FILE" or "DIR")
        {
            return [new Suggestion(metavariable == "FILE" ? Files : Directories)];
        }

        // A comma list goes on behind its last comma; what is in it already is not offered again.
        var comma = symbol is Option { Arity.MaximumNumberOfValues: > 1 } ? begun.LastIndexOf(',') : -1;
        var (head, last) = (begun[..(comma + 1)], begun[(comma + 1)..]);
        var given = head.Split(',').Concat(typed.ValuesOf(symbol).SelectMany(value => value.Split(','))).ToHashSet(StringComparer.Ordinal);
        return Candidates(symbol, metavariable, typed)
            .Where(value => value.Text.StartsWith(last, StringComparison.Ordinal) && !given.Contains(value.Text))
            .Select(value => value with { Text = prefix + head + value.Text });
    }

    private IEnumerable<Suggestion> Candidates(Symbol symbol, string metavariable, TypedWords typed)
    {
        if (metavariable == "COMMAND")
        {
            return Verbs("");
        }

        if (LiveValues.Find(metavariable) is { } values)
        {
            return values(live(typed));
        }

        var sources = symbol is Option option ? option.GetCompletions(CompletionContext.Empty) : ((Argument)symbol).GetCompletions(CompletionContext.Empty);
        return sources.Select(item => new Suggestion(item.Label, item.Detail ?? ""));
    }
}
