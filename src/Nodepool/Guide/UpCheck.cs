using Nodepool.Cli;
using Nodepool.Core;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Providers.Processes;

namespace Nodepool.Guide;

/// <summary>
/// <c>nodepool up --check</c>: uses every label that is kept ready once, as a client would: requests a node, runs a command on it over ssh, returns
/// it, sees it deleted and replaced.
/// </summary>
/// <param name="guide">Waits until there is something to check.</param>
/// <param name="engine">The store.</param>
/// <param name="feed">The newest picture.</param>
/// <param name="configurations">The configuration now.</param>
/// <param name="facts">What the command line knows.</param>
/// <param name="sources">Time and ids.</param>
/// <param name="say">Lines for the person at the terminal.</param>
internal sealed class UpCheck(
    UpGuide guide, IStateEngine engine, ClusterFeed feed, IConfigSource configurations, UpFacts facts, Sources sources, TextWriter say)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(2);

    /// <summary>Checks every label.</summary>
    /// <exception cref="CliException">What did not work, and how far it came.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, sources.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var step = "waiting for the first ready nodes";
        try
        {
            await guide.WaitUntilReadyAsync(either.Token);
            foreach (var label in configurations.Current.Config.Labels.Where(label => label.MinReady > 0))
            {
                step = $"checking label {label.Name}";
                await CheckAsync(label.Name, text => say.WriteLine($"check: {step = text}"), either.Token);
            }

            step = "waiting for the replacements";
            await guide.WaitUntilReadyAsync(either.Token);
            say.WriteLine("check: passed; all labels are ready again");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            var progress = UpProgress.Of(feed.Current, configurations.Current.Config);
            throw new CliException($"check: not done after {Patience.TotalMinutes:0} minutes while {step}: {string.Join("; ", progress.Lines)}");
        }
    }

    private async Task CheckAsync(string label, Action<string> says, CancellationToken ct)
    {
        var who = new ClientIdentity("check", Environment.MachineName);
        var actions = new RequestActions(engine, sources, who);
        says($"requesting a node of label {label}");
        var id = await actions.SubmitAsync(new NewNodeRequest { Labels = [label], Requestor = "nodepool up --check" }, endsWithSession: true, ct);
        await UntilAsync(view => view.Requests.GetValueOrDefault(id)?.Record?.State is RequestState.Fulfilled or RequestState.Failed, ct);
        if (feed.Current.Requests[id].Record!.State == RequestState.Failed)
        {
            throw new CliException($"check: request {id} for label {label} failed; every pool declined it, the log says why");
        }

        var taken = (await actions.TakeAsync(id, ct))[0];
        says($"running a command on node {taken.Id}");
        var said = await RunCommandAsync(taken, ct);
        says($"node {taken.Id} answered: {Logging.Printable.Line(said)}; returning it");
        await new NodeActions(engine, sources, who).ReturnAsync(taken.Id, ct);
        await UntilAsync(view => !view.Nodes.ById.ContainsKey(taken.Id), ct);
        says($"node {taken.Id} is gone");
    }

    private async Task<string> RunCommandAsync(TakenNode node, CancellationToken ct)
    {
        var known = Path.GetTempFileName();
        try
        {
            // The host keys that the record promises, and no others: the check is also one of the keys.
            await File.WriteAllLinesAsync(known, node.Record.HostKeys.Select(key => $"{LoginLine.Alias(node.Id)} {key}"), ct);
            var words = LoginLine.Words(node.Id, node.Record, facts.FindLoginKey(configurations.Current.Config, node.Record.Provider));
            string[] options = ["-o", "BatchMode=yes", "-o", $"UserKnownHostsFile={known}", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=30"];
            var order = new ProcessOrder
            {
                Program = words[0],
                Arguments = [.. options, .. words.Skip(1), "uname -n && uptime"],
                CaptureOutput = true,
                Timeout = CommandLimit,
            };
            var outcome = await ChildProcess.RunAsync(order, sources.Time, ct);
            return outcome.ExitCode == 0
                ? outcome.Output.Trim().ReplaceLineEndings(",")
                : throw new CliException($"check: ssh to node {node.Id} ended with status {outcome.ExitCode}: {outcome.LastLines}");
        }
        catch (Exception e) when (e is TimeoutException or ProgramMissingException)
        {
            throw new CliException($"check: {e.Message}");
        }
        finally
        {
            File.Delete(known);
        }
    }

    private async Task UntilAsync(Func<ClusterView, bool> isSo, CancellationToken ct)
    {
        using var wake = feed.Subscribe();
        while (!isSo(feed.Current))
        {
            await wake.WaitAsync(TimeSpan.FromSeconds(10), ct);
        }
    }
}
