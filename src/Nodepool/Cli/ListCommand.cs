using System.CommandLine;
using Nodepool.Lists;

namespace Nodepool.Cli;

/// <summary><c>nodepool list</c>.</summary>
internal static class ListCommand
{
    public static Command Create(CommandFrame frame)
    {
        var detail = new Option<bool>("--detail") { Description = "Show all columns" };
        return frame.Action(new Command("list", "List the nodes") { detail }, async (call, ct) =>
        {
            call.Print(NodeList.Of(await call.ViewAsync(ct), call.Now), call.Value(detail) ? int.MaxValue : NodeList.BriefColumns);
            return ExitStatus.Ok;
        });
    }
}
