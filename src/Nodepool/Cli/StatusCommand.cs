using System.CommandLine;
using Nodepool.Lists;
using Nodepool.Status;

namespace Nodepool.Cli;

/// <summary><c>nodepool status</c>.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandFrame frame) => frame.Action(new Command("status", "Show the whole cluster: what is wrong first"), async (call, ct) =>
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
