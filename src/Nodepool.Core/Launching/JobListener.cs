using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Launching;

/// <summary>
/// Gives nodes back, or holds them, when a publisher tells that their job has ended, just as <c>nodepool return --job</c> does. Several launchers may listen to one
/// publisher: whatever has been done about a node is not done again.
/// </summary>
internal sealed partial class JobListener(LauncherContext context, IJobEvents events, string endpoint, Func<NodepoolConfig> currentConfig)
{
    private const int Attempts = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = context.Loggers.CreateLogger($"job events of {endpoint}");
    private readonly NodeActions _actions = new(context.Engine, context.Sources, new ClientIdentity("job-events", context.Hostname));

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        for (var failures = 1; !ct.IsCancellationRequested; failures++)
        {
            try
            {
                LogListening(_logger, endpoint);
                await foreach (var message in events.ListenAsync(endpoint, ct))
                {
                    await HandleAsync(message, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever happens to one publisher must not disturb the launcher.
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogFailure(_logger, endpoint, e.Message);
            }

            var delay = Backoff.Delay(failures, FirstDelay, LongestDelay, context.Sources.Random.NextDouble());
            await Task.Delay(delay, context.Sources.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Never throws for what somebody else has sent.</summary>
    private async Task HandleAsync(string message, CancellationToken ct)
    {
        try
        {
            if (JobEvent.Parse(message) is not { } ended)
            {
                return;
            }

            if (NodeNames.Find(context.Feed.Current, currentConfig(), ended.Node) is { } node)
            {
                await ReturnAsync(node.Id, ended, ct);
            }
            else
            {
                LogUnknown(_logger, ended.Job.Name, ended.Node);
            }
        }
        catch (FormatException e)
        {
            LogMalformed(_logger, e.Message);
        }
        catch (OperationRefusedException e)
        {
            LogRefused(_logger, e.Message);
        }
    }

    /// <summary>The publisher does not say it twice, so a store that cannot be reached now is asked again.</summary>
    private async Task ReturnAsync(string id, JobEvent ended, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var node = await _actions.ReturnAsync(id, ended.Job, ct);
                LogReturned(_logger, id, ended.Job.HasFailed ? "failed" : "succeeded", ended.Job.Name, node.State.Word());
                return;
            }
            catch (StateException e) when (e.Fault != StateFault.SessionEnded && attempt < Attempts)
            {
                await Task.Delay(Backoff.Delay(attempt, FirstDelay, LongestDelay, context.Sources.Random.NextDouble()), context.Sources.Time, ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Listening to job events of {Endpoint}")]
    private static partial void LogListening(ILogger logger, string endpoint);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot listen to job events of {Endpoint}: {Reason}")]
    private static partial void LogFailure(ILogger logger, string endpoint, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A job event is skipped: {Reason}")]
    private static partial void LogMalformed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Job {Job} has ended on {Node}, which is no node in use here")]
    private static partial void LogUnknown(ILogger logger, string job, string node);

    [LoggerMessage(Level = LogLevel.Information, Message = "A job event changes nothing: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node}: its job {Outcome}: {Job}; it is {State} now")]
    private static partial void LogReturned(ILogger logger, string node, string outcome, string job, string state);
}
