using System.CommandLine;
using Nodepool.Lists;

namespace Nodepool.Cli;

/// <summary><c>nodepool image-list</c>.</summary>
internal static class ImageListCommand
{
    public static Command Create(CommandFrame frame) => frame.Action(new Command("image-list", "List the uploads of images to providers"), async (call, ct) =>
    {
        call.Print(ImageUploadList.Of(await call.ViewAsync(ct), call.Now));
        return ExitStatus.Ok;
    });
}
