using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Operations;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool job-delete</c>.</summary>
internal static class JobDeleteCommand
{
    public static Command Create(CommandFrame frame)
    {
        var job = new Argument<string>("JOB") { Description = "Id of a job, as job-list shows it", CustomParser = result => NodeIds.Full(result.Tokens[0].Value) };
        job.Validators.Add(PathPart.Check);
        var verb = new Verb(
            "job-delete",
            "Keep no more nodes of a job",
            "Nodes that are held already stay held: nodepool return gives them back.",
            new Example("nodepool job-delete 3", "Forget job 0000000003")) { job };
        return frame.Action(verb, async (call, ct) =>
        {
            await using var engine = await call.OpenStoreAsync(ct);
            await new JobActions(engine).DeleteAsync(call.Value(job), ct);
            call.Answer($"job {call.Value(job)} is gone", writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("deleted", call.Value(job));
                writer.WriteEndObject();
            });
            return ExitStatus.Ok;
        });
    }
}
