using System.CommandLine;
using Nodepool.Cli.Listing;
using Nodepool.Core.Model;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool request-list</c>.</summary>
internal static class RequestListCommand
{
    public static Command Create(CommandFrame frame) => frame.List(
        new Verb(
            "request-list",
            "List the node requests",
            new Example("nodepool request-list", "Show all requests"),
            new Example("nodepool request-list --state requested,pending", "Show those that still wait")),
        [ListFilter.State(Words.RequestStates), ListFilter.Label("node_types")],
        (call, view) => RequestList.Of(view, call.Now));
}
