using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Cli.Completion;
using Nodepool.Core.Config.Reading;
using Nodepool.Logging;

namespace Nodepool.Cli.Listing;

/// <summary>An option that keeps the rows of a list whose column shows one of some words. It may be repeated and takes comma lists.</summary>
internal sealed class ListFilter
{
    private ListFilter(string name, string metavariable, string field, string description, IReadOnlyList<string>? words)
    {
        Field = field;
        Metavariable = metavariable;
        Option = new Option<string[]>(name)
        {
            Description = description,
            HelpName = metavariable,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = result =>
            {
                var values = CommaList.Split(result.Tokens.Select(token => token.Value));
                if (words is not null && values.FirstOrDefault(value => !words.Contains(value)) is { } wrong)
                {
                    result.AddError($"there is no state '{Printable.Line(wrong)}'{Nearest(wrong, words)}; there are {string.Join(", ", words)}");
                }

                return values;
            },
        };
        if (words is not null)
        {
            Option.CompletionSources.Add([.. words]);
        }
    }

    public Option<string[]> Option { get; }

    /// <summary>The column that is compared.</summary>
    public string Field { get; }

    /// <summary>Kind of the names; see <see cref="LiveValues"/>.</summary>
    public string Metavariable { get; }

    /// <summary><c>--state</c>, which knows its words.</summary>
    public static ListFilter State(params IReadOnlyList<string> words) => new("--state", "STATE", "state", $"Only those in a state: {string.Join(", ", words)}", words);

    /// <summary><c>--label</c>.</summary>
    public static ListFilter Label(string field = "label") => new("--label", "LABEL", field, "Only those with a label", null);

    /// <summary><c>--provider</c>.</summary>
    public static ListFilter Provider(string field = "provider") => new("--provider", "PROVIDER", field, "Only those of a provider", null);

    /// <summary><c>--image</c>.</summary>
    public static ListFilter Image(string field = "image") => new("--image", "IMAGE", field, "Only those of a diskimage", null);

    /// <summary>" (did you mean 'x'?)", or nothing.</summary>
    public static string Nearest(string wrong, IEnumerable<string> known) => NearestName.Of(wrong, known) is { } near ? $" (did you mean '{near}'?)" : "";
}
