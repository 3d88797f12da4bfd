using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Reconciling;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Ends the uploads at a provider that this builder had and whose section the file no longer has: first the images there, then their records. Nothing
/// is deleted as long as a launcher runs the provider, whose file may be another than ours, nor what nodes were made from.
/// </summary>
internal sealed partial class LeavingUploads : IReconciler, IAsyncDisposable
{
    /// <summary>A provider that passes from one launcher to another, or whose only one starts anew, is nobody's for a moment.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private const int DeletionsAtOnce = 8;
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(30);

    private readonly BuilderContext _context;
    private readonly string _provider;
    private readonly ILogger _logger;
    private readonly WorkSet _works;
    private readonly RecordRemoval _records;
    private readonly UploadDeletion _deletion;
    private DateTimeOffset? _unserved;

    public LeavingUploads(BuilderContext context, ProviderConfig section, ProviderSet providers, WakeSignal wake, CancellationToken work)
    {
        (_context, _provider) = (context, section.Name);
        _logger = context.Loggers.CreateLogger("retention");
        _works = new WorkSet(wake, context.Sources, _logger, work);
        _records = new RecordRemoval(context.Engine);
        _deletion = new UploadDeletion(context, name => name == section.Name ? section : null, providers, _records, _logger);
    }

    /// <summary>Called when nothing is left there that this builder could end.</summary>
    public required Action OnSpent { get; init; }

    public string Name => $"uploads at {_provider}";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await _context.Feed.AtLeastAsync(_records.Position, ct);
        if (!view.Images.Values.Any(image => image.Uploads.Values.Any(upload => upload.Provider == _provider && upload.Record is not null)))
        {
            LogSpent(_logger, _provider);
            OnSpent();
            return Fallback;
        }

        if (Wait(view) is { } wait)
        {
            return wait;
        }

        foreach (var removal in RetentionPlanner.Leaving(view, _provider))
        {
            if (_works.Running < DeletionsAtOnce && !_deletion.IsDelayed(removal.Item))
            {
                _works.Ensure(removal.Item.Path, (_, token) => _deletion.RunAsync(removal, token));
            }
        }

        return _works.NextPass(Fallback, null);
    }

    public async ValueTask DisposeAsync() => await _works.DrainAsync();

    /// <summary>How long it is to be seen whether somebody runs the provider; null when nobody does.</summary>
    private TimeSpan? Wait(ClusterView view)
    {
        if (view.Pools.Any(pool => pool.ProviderName == _provider))
        {
            _unserved = null;
            return Fallback;
        }

        var now = _context.Sources.Time.GetUtcNow();
        var left = (_unserved is { } since && since <= now ? since : (_unserved = now).Value) + Patience - now;
        return left > TimeSpan.Zero ? left : null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Provider {Provider} is no longer configured and has no uploads left")]
    private static partial void LogSpent(ILogger logger, string provider);
}
