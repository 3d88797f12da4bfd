using Nodepool.Core.Collections;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.Reconciling;

/// <summary>Keeps the entry by which a process tells with which configuration it works, and what is wrong with a newer one.</summary>
/// <param name="engine">The store.</param>
/// <param name="configurations">The configuration of the process.</param>
/// <param name="process">Who it is.</param>
/// <param name="sources">Time.</param>
public sealed class ProcessRegistration(IStateEngine engine, IConfigSource configurations, ProcessRecord process, Sources sources)
{
    private const int MostProblems = 3;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    private string? _path;
    private double _since = sources.UnixNow;
    private long _revision;

    /// <summary>Runs until cancelled or the session ends; then takes the entry back. Never throws: it is about telling, not about working.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var news = configurations.News;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await StoreAsync(Describe(news), ct);
                news = await configurations.NextNewsAsync(news.Number, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }
            catch (StateException e) when (e.Fault == StateFault.SessionEnded)
            {
                return;
            }
            catch (StateException e)
            {
                _path = e.Fault == StateFault.NotFound ? null : _path;
                await Task.Delay(BetweenTries, sources.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                news = configurations.News;
            }
        }

        await RemoveAsync();
    }

    private ProcessRecord Describe(ConfigNews news)
    {
        if (news.Snapshot.Revision != _revision)
        {
            (_revision, _since) = (news.Snapshot.Revision, sources.UnixNow);
        }

        var errors = news.Failure?.Result.Problems.Where(problem => problem.IsError).Select(problem => problem.ToString()).ToList() ?? [];
        return process with
        {
            Revision = _revision,
            Since = _since,
            Digest = news.Snapshot.Digest,
            RefusedSince = news.Failure?.Since.ToUnixTimeMilliseconds() / 1000.0,
            Problems = errors.Take(MostProblems).ToValueList(),
            ProblemCount = errors.Count,
        };
    }

    private async ValueTask StoreAsync(ProcessRecord record, CancellationToken ct)
    {
        if (_path is null)
        {
            var created = await engine.CommitAsync(
                [new Write.Create(NodepoolPaths.NewProcess(record.Hostname), record.Write(), CreateModes.Ephemeral | CreateModes.Sequential)], ct);
            _path = created.Created[0];
        }
        else
        {
            await engine.CommitAsync([new Write.Set(_path, record.Write(), Write.AnyVersion)], ct);
        }
    }

    private async ValueTask RemoveAsync()
    {
        try
        {
            if (_path is not null)
            {
                await engine.CommitAsync([new Write.Delete(_path, Write.AnyVersion)], CancellationToken.None);
            }
        }
        catch (StateException)
        {
            // It goes with the session.
        }
    }
}
