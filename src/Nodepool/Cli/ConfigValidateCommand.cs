using System.CommandLine;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Cli;

/// <summary><c>nodepool config-validate</c>.</summary>
internal static class ConfigValidateCommand
{
    public static Command Create(CommandFrame frame) =>
        frame.Action(new Command("config-validate", "Check the configuration file; needs no store and changes nothing"), (call, _) =>
        {
            var result = call.Loaded.Result;
            if (call.IsJson)
            {
                ConfigReport.WriteJson(call.World.Out, result);
            }
            else
            {
                ConfigReport.Write(call.World.Out, result, call.UseColour);
            }

            return Task.FromResult(result.Config is null ? ExitStatus.Problem : ExitStatus.Ok);
        });
}
