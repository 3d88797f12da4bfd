using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.Launching.Pools;

/// <summary>
/// The ephemeral entry in which a pool tells on what terms it decides, for whoever is asked why a request waits. Nobody decides on it, so nothing
/// waits for it and no failure counts: it is told again with the next change or pass.
/// </summary>
internal sealed class PoolTermsEntry(PoolRun run) : IAsyncDisposable
{
    /// <summary>A cloud that says "quota" again and again changes the terms each time; readers need not know at once.</summary>
    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(5);

    private PoolTermsRecord? _told;
    private string? _path;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    /// <summary>Tells the terms if they have changed and were not told a moment ago.</summary>
    public async ValueTask TellAsync(PoolTermsRecord terms, CancellationToken ct)
    {
        var now = run.Context.Sources.Time.GetUtcNow();
        if (terms == _told || now < _notBefore)
        {
            return;
        }

        _notBefore = now + BetweenWrites;
        Write write = _path is null
            ? new Write.Create(NodepoolPaths.NewPoolTerms, terms.Write(), CreateModes.Ephemeral | CreateModes.Sequential)
            : new Write.Set(_path, terms.Write(), Write.AnyVersion);
        try
        {
            var result = await run.Commits.CommitAsync([write], ct);
            _path ??= result.Created[0];
            _told = terms;
        }
        catch (StateException e) when (e.Fault == StateFault.NotFound && e.Path == _path)
        {
            _path = null;
        }
        catch (StateException e) when (e.Fault != StateFault.SessionEnded)
        {
            // The next pass tries again; what else it means is seen by those who have to act on it.
        }
    }

    /// <summary>Takes the entry back; one that stays names a pool that is not registered, and ends with the session.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_path is null)
        {
            return;
        }

        try
        {
            await run.Context.Engine.CommitAsync([new Write.Delete(_path, Write.AnyVersion)], CancellationToken.None);
        }
        catch (StateException)
        {
            // See above.
        }
    }
}
