using System.CommandLine;
using System.CommandLine.Parsing;

namespace Nodepool.Cli.Arguments;

/// <summary>Names on the command line that become parts of a path in the store.</summary>
internal static class PathPart
{
    public static Argument<string> Argument(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(Check);
        return argument;
    }

    public static Option<string> RequiredOption(string name, string help, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = help, Required = true };
        option.Validators.Add(Check);
        return option;
    }

    /// <summary>Whether a text can be one part of a path.</summary>
    public static bool IsValid(string text) => text.Length > 0 && text is not ("." or "..") && !text.Contains('/') && !text.Any(char.IsControl);

    /// <summary>Refuses what cannot be one part of a path.</summary>
    public static void Check(SymbolResult result)
    {
        if (result.Tokens is [var token] && !IsValid(token.Value))
        {
            result.AddError($"'{Logging.Printable.Line(token.Value)}' cannot be a name: it is empty, has a slash or is a dot");
        }
    }
}
