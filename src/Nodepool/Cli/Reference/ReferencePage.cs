using System.CommandLine;
using System.Globalization;
using Nodepool.Cli.Output;

namespace Nodepool.Cli.Reference;

/// <summary>Everything that there is to say about a command, without a form: <c>--help</c>, man pages and docs/cli.md are made from it.</summary>
internal sealed record ReferencePage
{
    /// <summary>Such as <c>nodepool list</c>.</summary>
    public required string Title { get; init; }

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    /// <summary>Sentences, or null.</summary>
    public string? Details { get; init; }

    /// <summary>The command line with placeholders.</summary>
    public required string Usage { get; init; }

    public IReadOnlyList<ReferenceRow> Commands { get; init; } = [];

    public IReadOnlyList<ReferenceRow> Arguments { get; init; } = [];

    public IReadOnlyList<ReferenceRow> Options { get; init; } = [];

    /// <summary>Options that all commands have.</summary>
    public required IReadOnlyList<ReferenceRow> GlobalOptions { get; init; }

    public IReadOnlyList<Example> Examples { get; init; } = [];

    public IReadOnlyList<ReferenceRow> Statuses { get; } =
        [.. ExitStatus.Meanings.Select(row => new ReferenceRow(row.Status.ToString(CultureInfo.InvariantCulture), row.Meaning))];

    public IReadOnlyList<ReferenceRow> Environment { get; } =
    [
        new("NO_COLOR", "Any value: no colours, as --no-color."),
        new("TERM", "dumb: no colours."),
        new("NODEPOOL_*", "Put into the configuration where it says %(NODEPOOL_...)."),
    ];

    public IReadOnlyList<ReferenceRow> Files { get; } = [new(Nodepool.Cli.GlobalOptions.DefaultConfig, "The configuration, unless -c names another.")];

    /// <summary>The page of one verb.</summary>
    public static ReferencePage Of(RootCommand root, Verb verb) => new()
    {
        Title = $"nodepool {verb.Name}",
        Summary = verb.Description!,
        Details = verb.Details,
        Usage = string.Join(' ', ["nodepool", verb.Name, .. verb.Arguments.Select(Placeholder), .. verb.Options.Where(option => option.Required).Select(Term), "[OPTIONS]"]),
        Arguments = [.. verb.Arguments.Select(argument => new ReferenceRow(Placeholder(argument), argument.Description ?? ""))],
        Options = [.. Visible(verb.Options).Select(Row)],
        GlobalOptions = [.. Visible(root.Options).Where(option => option.Name != "--output" || verb.Forms.Count > 1).Select(option => Row(option, verb.Forms))],
        Examples = verb.Examples,
    };

    /// <summary>The page of the program.</summary>
    public static ReferencePage Of(RootCommand root) => new()
    {
        Title = "nodepool",
        Summary = root.Description!,
        Usage = "nodepool [OPTIONS] COMMAND",
        Commands = [.. Verbs(root).Select(verb => new ReferenceRow(verb.Name, verb.Description!))],
        GlobalOptions = [.. Visible(root.Options).Select(option => Row(option, OutputForms.List))],
        Examples =
        [
            new("nodepool up -c nodepool.yaml", "Run everything that one machine needs"),
            new("nodepool status", "Show what is wrong, and the state of everything"),
            new("nodepool COMMAND --help", "Show arguments, options and examples of a command"),
        ],
    };

    /// <summary>The verbs that are not hidden, in the order of the help.</summary>
    public static IEnumerable<Verb> Verbs(RootCommand root) => root.Subcommands.OfType<Verb>().Where(verb => !verb.Hidden);

    private static IEnumerable<Option> Visible(IEnumerable<Option> options) => options.Where(option => !option.Hidden);

    private static ReferenceRow Row(Option option) => new(Term(option), (option.Description ?? "") + Default(option));

    private static ReferenceRow Row(Option option, IReadOnlyList<OutputForm> forms) => option.Name == "--output"
        ? new ReferenceRow(Term(option), $"{option.Description}: {string.Join(", ", forms.Select(OutputForms.Word))}{Default(option)}")
        : Row(option);

    /// <summary>Short names before long ones, as manuals have them.</summary>
    private static string Term(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal));
        return option.ValueType == typeof(bool) || option.HelpName is null ? names : $"{names} {option.HelpName}";
    }

    private static string Default(Option option) =>
        option.HasDefaultValue && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } value
            ? string.Create(CultureInfo.InvariantCulture, $" (default: {value})")
            : "";

    private static string Placeholder(Argument argument) => (argument.Arity.MinimumNumberOfValues, argument.Arity.MaximumNumberOfValues) switch
    {
        (0, > 1) => $"[{argument.Name}...]",
        (0, _) => $"[{argument.Name}]",
        (_, > 1) => $"{argument.Name}...",
        _ => argument.Name,
    };
}
