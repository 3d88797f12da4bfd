using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Explaining;
using Nodepool.Status;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool explain</c>: why a request has not got its nodes.</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandFrame frame)
    {
        var id = PathPart.Argument("REQUEST", "Id of a request");
        var verb = new Verb(
            "explain",
            "Say why a request waits, pool by pool, and what would help",
            "Each pool's verdict begins with a word that does not change between versions: accepting, ready, launching, launch-failed, taken-elsewhere, declined, locked, no-labels, label-absent, "
            + "pool-closed, too-large, left-to-others, image-missing, launches-off, slots-in-use, ready-unasked, quota, cloud-quota, max-concurrency, governed, breaker-open, deadline, tenant-limit, behind, yields, lost, unknown. Estimates say what they are "
            + "concluded from. Of a request that has failed the reasons are shown that were stored with it. The answer comes from the store alone; no launcher is asked.",
            new Example("nodepool explain 200-0000000007", "Say why this request waits"),
            new Example("nodepool explain 200-0000000007 -o json", "The same for a program")) { id };
        return frame.Action(verb, async (call, ct) =>
        {
            var view = await call.ViewAsync(ct);
            if (RequestExplainer.Of(view, call.Value(id), call.Now) is not { } explanation)
            {
                throw new CliException(
                    view.Requests.ContainsKey(call.Value(id))
                        ? $"the record of request {call.Value(id)} cannot be understood"
                        : $"no request {call.Value(id)}: a client deletes its request when it has taken the nodes or wants none any more; nodepool request-list shows those that exist");
            }

            call.Answer(ExplanationText.Of(explanation, call.Now), json => ExplanationJson.Write(json, explanation, call.Now));
            return ExitStatus.Ok;
        });
    }
}
