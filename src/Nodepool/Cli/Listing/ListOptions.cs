using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Cli.Completion;
using Nodepool.Core.View;
using Nodepool.Lists;
using Nodepool.Logging;

namespace Nodepool.Cli.Listing;

/// <summary>What every list can be told: which rows and which columns.</summary>
internal sealed class ListOptions
{
    private readonly IReadOnlyList<ListFilter> _filters;
    private readonly Option<string[]> _fields = new("--fields")
    {
        Description = "Only these columns, in this order, by their names in JSON",
        HelpName = "FIELD",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => CommaList.Split(result.Tokens.Select(token => token.Value)),
    };

    public ListOptions(IReadOnlyList<ListFilter> filters) => _filters = filters;

    public void AddTo(Command command)
    {
        foreach (var filter in _filters)
        {
            command.Options.Add(filter.Option);
        }

        command.Options.Add(_fields);
    }

    /// <summary>Says where the shell finds the names of the columns.</summary>
    public void CompleteFields(Func<ParseResult, IEnumerable<string>> fields) => _fields.CompletionSources.Add(context => fields(context.ParseResult));

    /// <summary>The rows and columns that a call asks for.</summary>
    /// <exception cref="CliException">A named column does not exist.</exception>
    public ListTable Apply(CliCall call, ListTable table)
    {
        foreach (var filter in _filters)
        {
            if (call.Value(filter.Option) is { Length: > 0 } wanted)
            {
                table = table.Where(filter.Field, wanted);
            }
        }

        if (call.Value(_fields) is not { Length: > 0 } fields)
        {
            return table;
        }

        return fields.FirstOrDefault(field => !table.Fields.Contains(field)) is { } wrong
            ? throw new CliException(
                $"there is no field '{Printable.Line(wrong)}'{ListFilter.Nearest(wrong, table.Fields)}; there are {string.Join(", ", table.Fields)}", ExitStatus.Usage)
            : table.Choose(fields);
    }

    /// <summary>Rows of some names only are asked for.</summary>
    public bool IsFiltering(CliCall call) => _filters.Any(filter => call.Value(filter.Option) is { Length: > 0 });

    /// <summary>Notes names that neither the configuration nor the store knows: the list is empty for a reason that one wants to see.</summary>
    /// <param name="call">The call.</param>
    /// <param name="view">All records, when they were read.</param>
    public void NoteUnknown(CliCall call, ClusterView? view)
    {
        foreach (var filter in _filters)
        {
            if (LiveValues.Find(filter.Metavariable) is not { } values || call.Value(filter.Option) is not { Length: > 0 } wanted)
            {
                continue;
            }

            var known = values(new LiveState(view ?? new ClusterView(), call.Loaded.Result.Config)).Select(value => value.Text).ToHashSet(StringComparer.Ordinal);
            foreach (var unknown in wanted.Where(name => !known.Contains(name)))
            {
                call.Note(
                    $"nodepool: no {filter.Metavariable.ToLowerInvariant()} '{Printable.Line(unknown)}' in {call.ConfigFile} nor in the store{ListFilter.Nearest(unknown, known)}");
            }
        }
    }
}
