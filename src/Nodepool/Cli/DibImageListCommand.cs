using System.CommandLine;
using Nodepool.Lists;

namespace Nodepool.Cli;

/// <summary><c>nodepool dib-image-list</c>.</summary>
internal static class DibImageListCommand
{
    public static Command Create(CommandFrame frame) => frame.Action(new Command("dib-image-list", "List the image builds"), async (call, ct) =>
    {
        call.Print(ImageBuildList.Of(await call.ViewAsync(ct), call.Now));
        return ExitStatus.Ok;
    });
}
