using System.CommandLine;
using Nodepool.Core.Operations;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool alien-image-list</c>.</summary>
internal static class AlienImageListCommand
{
    public static Command Create(CommandFrame frame)
    {
        var provider = Clouds.OptionalProvider();
        var verb = new Verb(
            "alien-image-list",
            "List the images at the providers that a builder uploaded and no upload record knows",
            "Asks the clouds. Images without a builder's properties are not shown. Nothing is deleted.",
            new Example("nodepool alien-image-list", "Ask all providers"),
            new Example("nodepool alien-image-list cloud -o wide", "Ask one, and see of which build and upload the images say that they are")) { provider };
        return frame.List(verb, [], async (call, ct) =>
        {
            await using var clouds = new Clouds(call);
            var listings = await clouds.ListAsync(clouds.Choose(call.Value(provider)), ct);
            var view = await call.ViewAsync(ct);
            return AlienImageList.Of(listings.SelectMany(listing => Aliens.Images(view, listing.Provider, listing.Resources), (listing, resource) => new AlienRow(listing.Provider, resource)), call.Now);
        });
    }
}
