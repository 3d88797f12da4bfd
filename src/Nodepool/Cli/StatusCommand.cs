using System.CommandLine;
using Nodepool.Lists;
using Nodepool.Status;

namespace Nodepool.Cli;

/// <summary><c>nodepool status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandFrame frame) => frame.Action(
        new Verb(
            "status",
            "Show the whole cluster: what is wrong first",
            "Problems are sentences, the worst first; then components, pools, labels, open requests with what each waits for, and images. Works with a broken configuration file as well, which is then the first problem.",
            new Example("nodepool status", "Show problems and the state of everything"),
            new Example("nodepool status -o json", "The same for a program: problems, components, pools, labels, requests, images")),
        async (call, ct) =>
    {
        var report = StatusReport.Of(await call.ViewAsync(ct), call.Loaded.Result, call.Now);
        call.Answer(StatusText.Draw(report, call.UseColour).TrimEnd('\n'), writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("problems");
            foreach (var problem in report.Problems)
            {
                writer.WriteStringValue(problem);
            }

            writer.WriteEndArray();
            foreach (var (_, field, table) in report.Sections)
            {
                writer.WritePropertyName(field);
                ListJson.Write(writer, table);
            }

            writer.WriteEndObject();
        });
        return ExitStatus.Ok;
    });
}
