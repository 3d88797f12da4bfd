using System.CommandLine;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool config-validate</c>.</summary>
internal static class ConfigValidateCommand
{
    public static Command Create(CommandFrame frame)
    {
        var format = new Option<string?>("--format") { Description = "Form of the report, as other checkers name the option: text, or json as -o json", HelpName = "FORMAT" }
            .AcceptOnlyFromAmong("text", "json");
        var verb = new Verb(
            "config-validate",
            "Check the configuration file; needs no store and changes nothing",
            "Errors and warnings come with file, line, column and key. The exit status is 0 when the file can be used, with warnings too, and 1 when not.",
            new Example("nodepool -c nodepool.yaml config-validate", "Show all errors and warnings with their lines"),
            new Example("nodepool config-validate -o json", "The same for a program: file, valid, problems")) { format };
        return frame.Action(verb, (call, _) =>
        {
            var result = call.Loaded.Result;
            if (call.IsForPeople && call.Value(format) != "json")
            {
                ConfigReport.Write(call.World.Out, result, call.UseColour);
            }
            else
            {
                using var json = new StringWriter();
                ConfigReport.WriteJson(json, result);
                call.PrintJson(json.ToString());
            }

            return Task.FromResult(result.Config is null ? ExitStatus.Problem : ExitStatus.Ok);
        });
    }
}
