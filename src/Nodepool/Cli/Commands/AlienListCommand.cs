using System.CommandLine;
using Nodepool.Core.Operations;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool alien-list</c>.</summary>
internal static class AlienListCommand
{
    public static Command Create(CommandFrame frame)
    {
        var provider = Clouds.OptionalProvider();
        var verb = new Verb(
            "alien-list",
            "List the instances at the providers that belong to no node",
            "Asks the clouds. Shown are machines that were made by hand, those of other deployments in the same account, and leaks of ours, which a "
            + "launcher deletes by itself; -o wide shows for which provider and node a machine says that it was made. Nothing is deleted.",
            new Example("nodepool alien-list", "Ask all providers"),
            new Example("nodepool alien-list cloud -o wide", "Ask one, and see for whom the machines were made")) { provider };
        return frame.List(verb, [], async (call, ct) =>
        {
            await using var clouds = new Clouds(call);
            var listings = await clouds.ListAsync(clouds.Choose(call.Value(provider)), ct);

            // Read after the listing, or a node that was launched in between would pass for an alien.
            var view = await call.ViewAsync(ct);
            return AlienList.Of(listings.SelectMany(listing => Aliens.Instances(view, listing.Provider, listing.Resources), (listing, resource) => new AlienRow(listing.Provider, resource)), call.Now);
        });
    }
}
