using System.CommandLine;
using System.Globalization;
using Nodepool.Cli.Output;
using Nodepool.Core.Operations;
using Nodepool.Lists;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool job-create</c>.</summary>
internal static class JobCreateCommand
{
    private const int MostNodes = 10_000;

    public static Command Create(CommandFrame frame)
    {
        var name = new Argument<string>("NAME") { Description = "Exact name of the job" };
        var hold = new Option<int>("--hold-on-failure")
        {
            Description = "Keep so many nodes of failed runs at the same time",
            HelpName = "N",
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostNodes)
                {
                    return count;
                }

                result.AddError($"--hold-on-failure must be a number of nodes from 0 to {MostNodes}");
                return 0;
            },
        };
        var verb = new Verb(
            "job-create",
            "Keep nodes of a job when it fails",
            "A node is held when it is given back with the job's name and a failure: nodepool return NODE --job NAME --result FAILURE. Nodes that other clients "
            + "(Zuul) give back are not looked at; Zuul has its own autohold.",
            new Example("nodepool job-create unit --hold-on-failure 2", "Keep up to two nodes on which the job 'unit' failed")) { name, hold };
        return frame.Action(verb, OutputForms.List, async (call, ct) =>
        {
            if (string.IsNullOrWhiteSpace(call.Value(name)))
            {
                throw new CliException("the name of a job cannot be empty", ExitStatus.Usage);
            }

            await using var engine = await call.OpenStoreAsync(ct);
            await new JobActions(engine).CreateAsync(call.Value(name), call.Value(hold), ct);
            call.Print(JobList.Of(await CliCall.ViewAsync(engine, ct), call.Now));
            if (call.Value(hold) == 0)
            {
                call.Note("nodepool: no nodes are kept for it; --hold-on-failure N would keep N");
            }

            return ExitStatus.Ok;
        });
    }
}
