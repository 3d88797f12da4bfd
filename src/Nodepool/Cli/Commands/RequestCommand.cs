using System.CommandLine;
using System.Globalization;
using Nodepool.Cli.Arguments;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Operations;
using Nodepool.Core.State;

namespace Nodepool.Cli.Commands;

/// <summary><c>nodepool request</c>: ask for nodes, wait for them, take them.</summary>
internal sealed class RequestCommand
{
    private readonly Argument<string[]> _labels = new("LABEL") { Description = "Labels of the wanted nodes; one node each", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until the nodes are there and take them; Ctrl-C withdraws the request" };
    private readonly Option<double?> _timeout = Durations.Option("--timeout", "With --wait: withdraw the request after this time (default: wait for ever)");
    private readonly Option<int> _priority = new("--priority")
    {
        Description = "Lower is served first: 100 high, 200 normal, 300 low",
        HelpName = "0-999",
        DefaultValueFactory = _ => NewNodeRequest.DefaultPriority,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var priority) && priority <= 999)
            {
                return priority;
            }

            result.AddError("--priority must be a number from 0 to 999");
            return 0;
        },
    };

    private readonly Option<bool> _fresh = new("--no-reuse") { Description = "Want freshly launched nodes, no idle ones" };
    private readonly Option<string?> _requestor = new("--requestor") { Description = "Who asks, as lists show it (default: you)", HelpName = "TEXT" };
    private readonly Option<string?> _take = new("--take") { Description = "Take the nodes of a request that was made without --wait", HelpName = "REQUEST" };

    private RequestCommand()
    {
    }

    public static Command Create(CommandFrame frame)
    {
        var it = new RequestCommand();
        var command = new Verb(
            "request",
            "Ask for nodes; with --wait print how to log in to them",
            "Without --wait the request is left in the store and its id is printed. With --wait it ends when this command ends without its nodes: by --timeout, by Ctrl-C or by a crash.",
            new Example("nodepool request debian-12 --wait", "Wait for a node and print the ssh line for it"),
            new Example("nodepool request debian-12 debian-12 --wait --timeout 600 -o json", "Two nodes within ten minutes or none, for a program"),
            new Example("nodepool request --take 200-0000000007 --wait", "Take the nodes of an earlier request")) { it._labels, it._wait, it._timeout, it._priority, it._fresh, it._requestor, it._take };
        it._take.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !PathPart.IsValid(token.Value))
            {
                result.AddError("--take needs the id of a request");
            }
        });
        command.Validators.Add(result =>
        {
            if (!result.Errors.Any() && (result.GetValue(it._labels) is { Length: > 0 }) == (result.GetValue(it._take) is not null))
            {
                result.AddError("either labels or --take ID are needed");
            }
        });
        return frame.Action(command, it.RunAsync);
    }

    private async Task<int> RunAsync(CliCall call, CancellationToken ct)
    {
        var config = call.Config();
        await using var engine = await call.OpenStoreAsync(ct);
        var actions = new RequestActions(engine, call.World.Sources, call.World.Who);
        var waits = call.Value(_wait);
        if (call.Value(_take) is { } id)
        {
            return waits ? await WaitAndTakeAsync(call, config, engine, actions, id, withdraws: false, ct) : Taken.Print(call, config, id, await actions.TakeAsync(id, ct));
        }

        await RequireKnownAsync(call, config, engine, ct);
        id = await actions.SubmitAsync(
            new NewNodeRequest
            {
                Labels = call.Value(_labels).ToValueList(),
                Priority = call.Value(_priority),
                Reuse = !call.Value(_fresh),
                Requestor = call.Value(_requestor) ?? call.World.Who.Holder,
            },
            endsWithSession: waits,
            ct);
        if (waits)
        {
            return await WaitAndTakeAsync(call, config, engine, actions, id, withdraws: true, ct);
        }

        call.Answer(id, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("request", id);
            writer.WriteEndObject();
        });
        if (call.IsForPeople)
        {
            call.Note($"nodepool request --take {id} --wait gets its nodes; nodepool request-list shows it");
        }

        return ExitStatus.Ok;
    }

    private async Task<int> WaitAndTakeAsync(
        CliCall call, NodepoolConfig config, IStateEngine engine, RequestActions actions, string id, bool withdraws, CancellationToken ct)
    {
        var outcome = await new RequestWait(call, config, engine).RunAsync(id, Durations.Of(call.Value(_timeout)), ct);
        var status = ct.IsCancellationRequested ? ExitStatus.Interrupted : ExitStatus.Problem;
        switch (outcome.Outcome)
        {
            case RequestOutcome.Fulfilled:
                return Taken.Print(call, config, id, await actions.TakeAsync(id, ct));
            case RequestOutcome.Waiting when !withdraws:
                throw new CliException($"request {id} {outcome.Text}; it stays: nodepool request --take {id} --wait", status);
            case RequestOutcome.Waiting:
                await actions.WithdrawAsync(id, CancellationToken.None);
                throw new CliException($"request {id} {outcome.Text}; it is withdrawn", status);
            case RequestOutcome.Failed:
                await actions.WithdrawAsync(id, CancellationToken.None);
                throw new CliException($"request {id} {outcome.Text}");
            default:
                throw new CliException($"request {id} {outcome.Text}");
        }
    }

    /// <summary>A misspelt label would wait for a pool that never comes.</summary>
    private async Task RequireKnownAsync(CliCall call, NodepoolConfig config, IStateEngine engine, CancellationToken ct)
    {
        var unknown = call.Value(_labels).Where(label => config.FindLabel(label) is null).ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        var view = await CliCall.ViewAsync(engine, ct);
        var known = view.Pools.SelectMany(pool => pool.SupportedLabels).Concat(config.Labels.Select(label => label.Name)).ToHashSet(StringComparer.Ordinal);
        if (unknown.Find(label => !known.Contains(label)) is { } wrong)
        {
            throw new CliException(
                $"no label '{wrong}' in {call.ConfigFile} nor in a running pool{(known.Count == 0 ? "" : $"; there are {string.Join(", ", known.Order(StringComparer.Ordinal))}")}");
        }
    }
}
