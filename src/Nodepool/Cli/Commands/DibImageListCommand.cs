using System.CommandLine;
using Nodepool.Cli.Listing;
using Nodepool.Core.Model;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool dib-image-list</c>.</summary>
internal static class DibImageListCommand
{
    public static Command Create(CommandFrame frame) => frame.List(
        new Verb(
            "dib-image-list",
            "List the image builds",
            "The state of the builds of an image that is paused by image-pause is shown as paused.",
            new Example("nodepool dib-image-list", "Show all builds"),
            new Example("nodepool dib-image-list --state failed -o wide", "Show the builds that failed, and why")),
        [ListFilter.State([.. Words.ImageStates.Where(word => word != "uploading"), "paused"]), ListFilter.Image()],
        (call, view) => ImageBuildList.Of(view, call.Now));
}
