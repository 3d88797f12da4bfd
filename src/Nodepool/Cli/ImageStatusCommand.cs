using System.CommandLine;
using Nodepool.Lists;

namespace Nodepool.Cli;

/// <summary><c>nodepool image-status</c>.</summary>
internal static class ImageStatusCommand
{
    public static Command Create(CommandFrame frame) => frame.Action(new Command("image-status", "List what was ordered for images by command: pauses and builds"), async (call, ct) =>
    {
        call.Print(ImageStatusList.Of(await call.ViewAsync(ct), call.Now));
        return ExitStatus.Ok;
    });
}
