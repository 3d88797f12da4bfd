using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Cli.Output;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool return</c>.</summary>
internal static class ReturnCommand
{
    private const string Success = "SUCCESS";
    private const string Failure = "FAILURE";

    public static Command Create(CommandFrame frame)
    {
        var nodes = NodeIds.Many();
        var job = new Option<string?>("--job") { Description = "Name of the job that they were used for", HelpName = "JOB-NAME" };
        var result = new Option<string?>("--result") { Description = $"With --job: how it ended, {Success} or {Failure} (default: {Success})", HelpName = "RESULT" }.AcceptOnlyFromAmong(Success, Failure);
        var command = new Verb(
            "return",
            "Give nodes back that were requested or held; they are deleted and replaced",
            "A node of a failed job is held instead while fewer nodes are held for that job than job-create has asked for.",
            new Example("nodepool return 42 43", "Give two nodes back"),
            new Example("nodepool return 42 --job unit --result FAILURE", "Give a node back, or keep it if nodes of the failed job are wanted")) { nodes, job, result };
        command.Validators.Add(line =>
        {
            if (line.GetResult(result) is not null && line.GetResult(job) is null)
            {
                line.AddError("--result needs --job");
            }
        });
        return frame.Action(command, OutputForms.List, async (call, ct) =>
        {
            var ended = call.Value(job) is { } name ? new EndedJob(name, call.Value(result) == Failure) : null;
            await using var engine = await call.OpenStoreAsync(ct);
            var actions = new NodeActions(engine, call.World.Sources, call.World.Who);
            return await NodeAnswer.ForEachAsync(call, engine, call.Value(nodes), id => actions.ReturnAsync(id, ended, ct), Say, ct);
        });
    }

    private static string Say(string id, NodeRecord node) => node.State == NodeState.Hold
        ? $"is held{(node.Comment is { } why ? $" ({Logging.Printable.Line(why)})" : "")}: nodepool return {id} gives it back"
        : "is given back; a launcher deletes it";
}
