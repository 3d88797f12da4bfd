using System.CommandLine;

namespace Nodepool.Cli.Completion;

/// <summary>The words before the one that is being typed, as far as they make sense.</summary>
/// <param name="root">All commands.</param>
internal sealed class TypedWords(RootCommand root)
{
    private readonly Dictionary<Symbol, List<string>> _values = [];
    private bool _onlyArguments;

    /// <summary>The command that was named; null before it.</summary>
    public Verb? Verb { get; private set; }

    /// <summary>A word was typed where a command must stand and is none.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The option whose value comes next; null when none does.</summary>
    public Option? Pending { get; private set; }

    /// <summary>How many arguments of the command are there.</summary>
    public int Arguments { get; private set; }

    /// <summary>Options that may stand here.</summary>
    public IEnumerable<Option> Options => (Verb?.Options ?? []).Concat(root.Options).Where(option => !option.Hidden);

    /// <summary>Options are not looked for any more (<c>--</c>).</summary>
    public bool OnlyArguments => _onlyArguments;

    /// <summary>What was given for an option or an argument.</summary>
    public IReadOnlyList<string> ValuesOf(Symbol symbol) => _values.GetValueOrDefault(symbol) ?? [];

    /// <summary>The last value that was given under a metavariable, or null.</summary>
    public string? ValueOf(string metavariable) => _values.Where(pair => Metavariable(pair.Key) == metavariable).Select(pair => pair.Value[^1]).LastOrDefault();

    /// <summary>The word by which help shows what a symbol takes.</summary>
    public static string Metavariable(Symbol symbol) => symbol is Option option ? option.HelpName ?? "" : symbol.Name;

    /// <summary>The argument that comes next; null when the command takes no more.</summary>
    public Argument? NextArgument =>
        Verb is not { Arguments: { Count: > 0 } arguments } ? null
        : Arguments < arguments.Count ? arguments[Arguments]
        : arguments[^1].Arity.MaximumNumberOfValues > 1 ? arguments[^1]
        : null;

    /// <summary>Takes the next word.</summary>
    public void Take(string word)
    {
        if (Pending is { } option)
        {
            Pending = null;
            Add(option, word);
        }
        else if (word == "--")
        {
            _onlyArguments = true;
        }
        else if (word.StartsWith('-') && !_onlyArguments)
        {
            TakeOption(word);
        }
        else if (Verb is null)
        {
            Verb = root.Subcommands.OfType<Verb>().FirstOrDefault(verb => verb.Name == word);
            IsLost = Verb is null;
        }
        else if (NextArgument is { } argument)
        {
            Add(argument, word);
            Arguments++;
        }
    }

    /// <summary>The option of that name; null when there is none.</summary>
    public Option? Find(string name) => Options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    private void TakeOption(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (Find(equals < 0 ? word : word[..equals]) is { } option)
        {
            if (equals >= 0)
            {
                Add(option, word[(equals + 1)..]);
            }
            else if (TakesValue(option))
            {
                Pending = option;
            }
            else
            {
                Add(option, "");
            }
        }
        else if (word.Length > 2 && Find(word[..2]) is { } attached)
        {
            Add(attached, word[2..]);
        }
    }

    private static bool TakesValue(Option option) => option.Arity.MinimumNumberOfValues > 0;

    private void Add(Symbol symbol, string value)
    {
        if (!_values.TryGetValue(symbol, out var values))
        {
            _values[symbol] = values = [];
        }

        values.Add(value);
    }
}
