using System.CommandLine;
using Nodepool.Cli.Listing;
using Nodepool.Core.Model;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool list</c>.</summary>
internal static class ListCommand
{
    public static Command Create(CommandFrame frame)
    {
        var detail = new Option<bool>("--detail") { Description = "Show all columns; the same as -o wide" };
        return frame.List(
            new Verb(
                "list",
                "List the nodes",
                new Example("nodepool list", "Show all nodes"),
                new Example("nodepool list --state ready,in-use --label debian-12", "Show the nodes of a label that are idle or in use"),
                new Example("nodepool list --provider cloud -o json --fields id,state,age", "Ids, states and ages of the nodes of a provider, for a program")) { detail },
            [ListFilter.State(Words.NodeStates), ListFilter.Label(), ListFilter.Provider()],
            (call, view) => call.Value(detail) ? NodeList.WithDrains(view, call.Now) with { UsualColumns = int.MaxValue } : NodeList.WithDrains(view, call.Now),
            [NodepoolPaths.Nodes, NodepoolPaths.Drains]);
    }
}
