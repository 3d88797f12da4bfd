using System.CommandLine;
using Nodepool.Cli.Listing;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool image-status</c>.</summary>
internal static class ImageStatusCommand
{
    public static Command Create(CommandFrame frame) => frame.List(
        new Verb(
            "image-status",
            "List what was ordered for images by command, and what their uploads wait for",
            new Example("nodepool image-status -o wide", "Show also why uploads wait, and which builds are withdrawn"),
            new Example("nodepool image-status", "Show which images are paused and which builds were asked for")),
        [ListFilter.Image()],
        (call, view) => ImageStatusList.Of(view, call.Now));
}
