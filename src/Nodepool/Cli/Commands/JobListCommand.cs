using System.CommandLine;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool job-list</c>.</summary>
internal static class JobListCommand
{
    public static Command Create(CommandFrame frame) => frame.List(
        new Verb(
            "job-list",
            "List the jobs whose nodes are kept when they fail",
            new Example("nodepool job-list", "Show all jobs"),
            new Example("nodepool job-list -o wide", "Show also how many nodes are held for each now")),
        [],
        (call, view) => JobList.Of(view, call.Now));
}
