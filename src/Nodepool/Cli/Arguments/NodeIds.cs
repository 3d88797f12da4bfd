using System.CommandLine;
using System.Globalization;

namespace Nodepool.Cli.Arguments;

/// <summary>Node ids on the command line: ten digits, of which the zeros in front may be left out.</summary>
internal static class NodeIds
{
    public static Argument<string> One() => new("NODE") { Description = "Id of a node", CustomParser = result => Full(result.Tokens[0].Value) };

    public static Argument<string[]> Many() => new("NODE")
    {
        Description = "Ids of nodes",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => Full(token.Value)).Distinct(StringComparer.Ordinal)],
    };

    /// <summary>An id, of nodes or of anything else that the store numbers, with all its zeros; other text as it is.</summary>
    public static string Full(string id) =>
        uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number.ToString("0000000000", CultureInfo.InvariantCulture) : id;
}
