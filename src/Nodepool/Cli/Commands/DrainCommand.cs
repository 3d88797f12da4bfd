using System.CommandLine;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool drain</c>.</summary>
internal sealed class DrainCommand
{
    private readonly Argument<string> _provider = PathPart.Argument("PROVIDER", "Name of a provider");
    private readonly Option<bool> _undo = new("--undo") { Description = "Let it serve again" };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for those who see it in status and explain", HelpName = "TEXT" };
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Wait until no node is left and show how far it is; Ctrl-C ends the waiting, not the drain" };
    private readonly Option<double?> _timeout = Durations.Option("--timeout", "With --watch: wait no longer than this (default: as long as it takes)");

    private DrainCommand()
    {
    }

    public static Command Create(CommandFrame frame)
    {
        var it = new DrainCommand();
        var verb = new Verb(
            "drain",
            "Let a provider become empty; --undo lets it serve again",
            "All its pools, at all launchers, begin nothing any more. Launches under way end and serve their requests; idle nodes are deleted; nodes in use and held ones go when they are given back. "
            + "Requests that only this provider could serve wait for the end of the drain. The mark is kept in the store: it outlives restarts and changes of the configuration. Images are uploaded as before. "
            + "With --watch the exit status is 0 when nothing is left, and 1 when somebody has taken the drain back or time was up.",
            new Example("nodepool drain cloud-1 --reason 'moves to the new site'", "Let it become empty, and say why"),
            new Example("nodepool drain cloud-1 --watch", "The same, and wait until it is empty"),
            new Example("nodepool drain cloud-1 --undo", "Let it serve again")) { it._provider, it._undo, it._reason, it._watch, it._timeout };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(it._undo) && (result.GetValue(it._watch) || result.GetValue(it._reason) is not null))
            {
                result.AddError("--undo goes with neither --watch nor --reason");
            }
        });
        return frame.Action(verb, it.RunAsync);
    }

    private async Task<int> RunAsync(CliCall call, CancellationToken ct)
    {
        var provider = call.Value(_provider);
        await using var engine = await call.OpenStoreAsync(ct);
        var actions = new DrainActions(engine, call.World.Sources, call.World.Who);
        if (call.Value(_undo))
        {
            var wasThere = await actions.UndoAsync(provider, ct);
            Answer(call, provider, wasThere ? "serves again" : "was not being drained", drain: null, nodes: null);
            return ExitStatus.Ok;
        }

        var view = await CliCall.ViewAsync(engine, ct);
        RequireKnown(call, view, provider);
        var (drain, isNew) = await actions.DrainAsync(provider, call.Value(_reason), ct);
        var progress = DrainProgress.Of(view, provider);
        if (call.Value(_watch))
        {
            return await WatchAsync(call, engine, provider, drain, ct);
        }

        var more = progress.IsEmpty ? "" : $" (nodepool drain {provider} --watch waits for them)";
        Answer(call, provider, $"{(isNew ? "is being drained" : $"was being drained already {drain.Text}".TrimEnd())}; {progress.Text}{more}", drain, progress.Nodes);
        return ExitStatus.Ok;
    }

    private async Task<int> WatchAsync(CliCall call, IStateEngine engine, string provider, DrainRecord drain, CancellationToken ct)
    {
        var progress = await new DrainWatch(call, engine, provider).RunAsync(Durations.Of(call.Value(_timeout)), ct);
        if (progress.IsEmpty)
        {
            Answer(call, provider, "is empty", drain, progress.Nodes);
            return ExitStatus.Ok;
        }

        throw new CliException(
            progress.Drain is null ? $"somebody has taken the drain of provider {provider} back; {progress.Text}" : $"provider {provider} is not empty yet, and goes on being drained; {progress.Text}",
            ct.IsCancellationRequested ? ExitStatus.Interrupted : ExitStatus.Problem);
    }

    /// <summary>A misspelt name would be drained for ever, and the right one not.</summary>
    private static void RequireKnown(CliCall call, ClusterView view, string provider)
    {
        var known = (call.Loaded.Result.Config?.Providers.Select(section => section.Name) ?? [])
            .Concat(view.Pools.Select(pool => pool.ProviderName)).Concat(view.Nodes.ById.Values.Select(node => node.Record?.Provider)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (!known.Contains(provider))
        {
            throw new CliException(
                $"no provider '{Logging.Printable.Line(provider)}' in {call.ConfigFile}, nor in the records{(known.Count == 0 ? "" : $"; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}")}");
        }
    }

    private static void Answer(CliCall call, string provider, string text, DrainRecord? drain, IReadOnlyList<NodeView>? nodes) => call.Answer($"provider {provider} {text}", writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("provider", provider);
        writer.WriteBoolean("draining", drain is not null);
        if (drain is not null)
        {
            writer.WriteNumber("since", drain.Since);
            writer.WriteString("by", drain.By);
            writer.WriteString("reason", drain.Reason);
        }

        if (nodes is not null)
        {
            writer.WriteStartArray("nodes");
            foreach (var node in nodes)
            {
                writer.WriteStringValue(node.Id);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });
}
