using System.CommandLine;
using Nodepool.Cli.Listing;
using Nodepool.Core.Model;
using Nodepool.Lists;
using Nodepool.Status;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool image-list</c>.</summary>
internal static class ImageListCommand
{
    public static Command Create(CommandFrame frame) => frame.List(
        new Verb(
            "image-list",
            "List the uploads of images to providers",
            new Example("nodepool image-list", "Show all uploads"),
            new Example("nodepool image-list --image debian-12 --state ready", "Show the uploads of an image that nodes can boot from")),
        [ListFilter.State([.. Words.ImageStates.Where(word => word != "building")]), ListFilter.Image(), ListFilter.Provider()],
        (call, view) => ImageUploadList.Of(view, call.Now),
        notes: (call, view) => LeftProviders.WithUploads(view, call.Loaded.Result.Config));
}
