using Nodepool.Cli;
using Nodepool.Core;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Logging;

namespace Nodepool.Roles;

/// <summary>
/// Hosts roles in the foreground: opens a session of the store, runs the roles on it, opens another when it ends, and stops all of them
/// in order when told to.
/// </summary>
/// <param name="open">Opens a session and makes its roles.</param>
/// <param name="sources">Time and chance.</param>
/// <param name="say">Lines for the person at the terminal.</param>
/// <param name="loggers">Makes loggers.</param>
/// <param name="serving">Called once, when the roles have been started for the first time.</param>
internal sealed partial class RoleHost(Func<CancellationToken, Task<RoleSession>> open, Sources sources, TextWriter say, ILoggerFactory loggers, Action? serving = null)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private Action? _serving = serving;
    private readonly ILogger _logger = loggers.CreateLogger("roles");

    /// <summary>Runs until <paramref name="stop"/> asks for the end.</summary>
    /// <returns>The exit status.</returns>
    /// <exception cref="StateException">The store cannot be opened at the first try.</exception>
    /// <exception cref="RoleStartException">The only role cannot start.</exception>
    public async Task<int> RunAsync(StopSignal stop)
    {
        var serving = ServeAsync(stop.Requested);
        if (await Task.WhenAny(serving, stop.Immediately) == serving)
        {
            await serving;
            return ExitStatus.Ok;
        }

        say.WriteLine("ended at once; the next start repairs what this left half done");
        return ExitStatus.Interrupted;
    }

    private async Task ServeAsync(CancellationToken stop)
    {
        var failures = 0;
        for (var isFirst = true; !stop.IsCancellationRequested; isFirst = false)
        {
            try
            {
                await using var session = await open(stop);
                failures = 0;
                await RunSessionAsync(session, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (!isFirst && e is StateException or IOException)
            {
                failures++;
                LogNotOpen(_logger, ExceptionText.Line(e));
            }

            if (!stop.IsCancellationRequested)
            {
                var delay = Backoff.Delay(failures + 1, FirstDelay, LongestDelay, sources.Random.NextDouble());
                await Task.Delay(delay, sources.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunSessionAsync(RoleSession session, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, session.Ended);
        using var announced = stop.Register(() => say.WriteLine(
            $"stopping {string.Join(", ", session.Roles.Select(role => role.Name))}: what they are doing is ended in order (Ctrl-C again ends at once)"));
        var running = session.Roles.Select(role => RunAsync(role, isAlone: session.Roles.Count == 1, end, stop)).ToArray();
        Interlocked.Exchange(ref _serving, null)?.Invoke();
        await Task.WhenAll(running);
        if (stop.IsCancellationRequested)
        {
            say.WriteLine(session.Farewell);
        }
        else
        {
            LogSessionEnded(_logger);
        }
    }

    private async Task RunAsync(IRole role, bool isAlone, CancellationTokenSource end, CancellationToken stop)
    {
        try
        {
            await new RoleRunner(role, sources, loggers.CreateLogger(role.Name)).RunAsync(isAlone, end.Token);
        }
        finally
        {
            await end.CancelAsync();
        }

        if (stop.IsCancellationRequested)
        {
            say.WriteLine($"{role.Name} has ended");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the store's session has ended; a new one is opened and all roles start anew on it")]
    private static partial void LogSessionEnded(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "the store cannot be opened: {Reason}; it is tried again")]
    private static partial void LogNotOpen(ILogger logger, string reason);
}
