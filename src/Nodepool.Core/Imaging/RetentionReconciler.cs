using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Carries out <see cref="RetentionPlanner"/> and keeps the builder's disk in step with the records. Every step names the version that it was
/// decided on, so several builders may do this at once; a provider that is slow keeps nothing else waiting.
/// </summary>
internal sealed partial class RetentionReconciler : IReconciler, IAsyncDisposable
{
    private const int DeletionsAtOnce = 8;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private readonly BuilderContext _context;
    private readonly IBuildFiles _files;
    private readonly Func<NodepoolConfig> _currentConfig;
    private readonly ILogger _logger;
    private readonly WorkSet _works;
    private readonly RecordRemoval _records;
    private readonly UploadDeletion _deletion;
    private readonly DiskRetention _disk;
    private DateTimeOffset _nextLook = DateTimeOffset.MinValue;

    public RetentionReconciler(
        BuilderContext context, IBuildFiles files, Func<NodepoolConfig> currentConfig, ProviderSet providers, WakeSignal wake, CancellationToken work)
    {
        (_context, _files, _currentConfig) = (context, files, currentConfig);
        _logger = context.Loggers.CreateLogger("retention");
        _works = new WorkSet(wake, context.Sources, _logger, work);
        _records = new RecordRemoval(context.Engine);
        _disk = new DiskRetention(context, files, currentConfig, _records, _logger);
        _deletion = new UploadDeletion(context, name => currentConfig().FindProvider(name), providers, _records, _logger);
    }

    public string Name => "retention";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await _context.Feed.AtLeastAsync(_records.Position, ct);
        var plan = RetentionPlanner.Plan(view, _currentConfig());
        foreach (var removal in plan.Uploads)
        {
            Ensure(removal.Item, token => _deletion.RunAsync(removal, token));
        }

        foreach (var upload in plan.Remains)
        {
            Ensure(upload, token => _deletion.CleanAsync(upload, token));
        }

        foreach (var (build, fence) in plan.Builds)
        {
            var record = build.Record! with { State = ImageState.Deleting, StateTime = _context.Sources.UnixNow };
            await _records.TryAsync([.. fence, new Write.Set(NodepoolPaths.Build(build.Image, build.Id), record.Write(), build.Version)], ct);
        }

        foreach (var build in plan.Gone)
        {
            await RemoveRecordAsync(build, ct);
        }

        var now = _context.Sources.Time.GetUtcNow();
        if (now >= _nextLook)
        {
            await _disk.CleanAsync(view, ct);
            _nextLook = now + Period;
        }

        return _works.NextPass(_nextLook - now, null);
    }

    public async ValueTask DisposeAsync() => await _works.DrainAsync();

    private void Ensure(UploadView upload, Func<CancellationToken, Task<WorkResult>> work)
    {
        if (_works.Running < DeletionsAtOnce && !_deletion.IsDelayed(upload))
        {
            _works.Ensure(upload.Path, (_, token) => work(token));
        }
    }

    private async ValueTask RemoveRecordAsync(BuildView build, CancellationToken ct)
    {
        if (build.Record?.BuilderId == _files.BuilderId)
        {
            await _files.RemoveAsync(build.Image, build.Id, null, ct);
        }

        if (await _records.RemoveTreeAsync(NodepoolPaths.Build(build.Image, build.Id), build.Version, ct))
        {
            LogBuildGone(_logger, build.Image, build.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build} deleted")]
    private static partial void LogBuildGone(ILogger logger, string image, string build);
}
