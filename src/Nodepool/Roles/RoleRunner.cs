using Nodepool.Core;
using Nodepool.Core.Reconciling;
using Nodepool.Logging;

namespace Nodepool.Roles;

/// <summary>Keeps one role running: starts it again, with back-off, whatever it ends with.</summary>
internal sealed partial class RoleRunner(IRole role, Sources sources, ILogger logger)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    /// <summary>A run of this length counts as success: the next failure waits for the shortest time again.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(5);

    private string? _lastMessage;

    /// <summary>Runs it until cancelled.</summary>
    /// <param name="isAlone">No other role needs this process: then one that cannot start ends it.</param>
    /// <param name="ct">Ends the role in order.</param>
    /// <exception cref="RoleStartException">It cannot start, and is alone.</exception>
    public async Task RunAsync(bool isAlone, CancellationToken ct)
    {
        var failures = 0;
        while (!ct.IsCancellationRequested)
        {
            var start = sources.Time.GetTimestamp();
            var failure = await RunOnceAsync(ct);
            if (ct.IsCancellationRequested)
            {
                break;
            }

            if (failure is RoleStartException && isAlone)
            {
                throw failure;
            }

            failures = sources.Time.GetElapsedTime(start) >= Steady ? 1 : failures + 1;
            var delay = Backoff.Delay(failures, FirstDelay, LongestDelay, sources.Random.NextDouble());
            Report(failure, delay);
            await Task.Delay(delay, sources.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Exception?> RunOnceAsync(CancellationToken ct)
    {
        try
        {
            await role.RunAsync(ct);
            return null;
        }
#pragma warning disable CA1031 // Whatever a role fails with, the others go on and it is started again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (ct.IsCancellationRequested && e is not OperationCanceledException)
            {
                LogFailedAtEnd(logger, e, role.Name);
            }

            return e;
        }
    }

    /// <summary>The same complaint again and again would hide all others.</summary>
    private void Report(Exception? failure, TimeSpan delay)
    {
        var message = failure is null ? "" : ExceptionText.Line(failure);
        if (message == _lastMessage)
        {
            LogAgain(logger, role.Name, delay);
        }
        else if (failure is null)
        {
            LogEnded(logger, role.Name, delay);
        }
        else if (failure is RoleStartException)
        {
            LogCannotStart(logger, role.Name, message);
        }
        else
        {
            LogFailed(logger, failure, role.Name, delay);
        }

        _lastMessage = message;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Role} failed; it is started again in {Delay}")]
    private static partial void LogFailed(ILogger logger, Exception e, string role, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Role} failed while it was stopping")]
    private static partial void LogFailedAtEnd(ILogger logger, Exception e, string role);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Role} cannot start: {Reason}; it is tried again from time to time, the other roles go on")]
    private static partial void LogCannotStart(ILogger logger, string role, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Role} has ended by itself; it is started again in {Delay}")]
    private static partial void LogEnded(ILogger logger, string role, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Role} failed for the same reason; next try in {Delay}")]
    private static partial void LogAgain(ILogger logger, string role, TimeSpan delay);
}
