using System.CommandLine;
using Nodepool.Lists;

namespace Nodepool.Cli;

/// <summary><c>nodepool request-list</c>.</summary>
internal static class RequestListCommand
{
    public static Command Create(CommandFrame frame) => frame.Action(new Command("request-list", "List the node requests"), async (call, ct) =>
    {
        call.Print(RequestList.Of(await call.ViewAsync(ct), call.Now));
        return ExitStatus.Ok;
    });
}
