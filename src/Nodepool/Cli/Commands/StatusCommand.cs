using System.CommandLine;
using Nodepool.Cli.Output;
using Nodepool.Cli.Watching;
using Nodepool.Lists;
using Nodepool.Status;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandFrame frame)
    {
        var watch = Watch.Option();
        var verb = new Verb(
            "status",
            "Show the whole cluster: what is wrong first",
            "Problems are sentences, the worst first; then components, pools, labels, open requests with what each waits for, and images. Works with a broken configuration file as well, which is then the first problem.",
            new Example("nodepool status", "Show problems and the state of everything"),
            new Example("nodepool status --watch", "The same, again and again until Ctrl-C"),
            new Example("nodepool status -o json", "The same for a program: problems, components, pools, labels, requests, images")) { watch };
        return frame.Action(verb, async (call, ct) =>
        {
            if (call.Value(watch))
            {
                return await Watch.RunAsync(call, "nodepool status", view => Picture(call, StatusReport.Of(view, call.Reload().Result, call.Now)), ct);
            }

            var report = StatusReport.Of(await call.ViewAsync(ct), call.Loaded.Result, call.Now);
            if (call.IsForPeople)
            {
                call.World.Out.Write(StatusText.Draw(report, call.UseColour));
            }
            else
            {
                call.PrintJson(StatusJson.Write(report, indented: true));
            }

            return ExitStatus.Ok;
        });
    }

    private static Picture Picture(CliCall call, StatusReport report)
    {
        var json = StatusJson.Write(report, indented: false);
        return new(call.Form == OutputForm.Yaml ? YamlText.OfJson(json) : StatusText.Draw(report, call.UseColour), json);
    }
}
