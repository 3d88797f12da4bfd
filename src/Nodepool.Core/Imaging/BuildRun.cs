using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>One image build: record, tool, record. The record is there before the tool starts and says afterwards why it failed.</summary>
internal sealed partial class BuildRun(BuilderContext context, IBuildFiles files, NodepoolConfig config, ILease lease, BuildOrder order, string id)
{
    private const int KeptLines = 12;

    private readonly string _path = NodepoolPaths.Build(order.Image.Name, id);

    /// <summary>Runs the build to its end.</summary>
    public async Task RunAsync(ImageView stored, ILogger logger, CancellationToken ct)
    {
        var building = Begin();
        await context.Engine.CommitAsync([Fence, new Write.Create(_path, building.Write(), CreateModes.Persistent)], ct);
        LogStarted(logger, order.Image.Name, id, order.Reason, string.Join(",", order.Formats));
        using var journal = new BuildJournal(
            context.Sources,
            phase => LogPhase(logger, order.Image.Name, id, phase),
            async (phases, over) => await context.Engine.CommitAsync([Fence, new Write.Set(_path, With(building, phases).Write(), Write.AnyVersion)], over));
        string? log = null;
        ImageBuildRecord ended;
        try
        {
            var result = await journal.FollowAsync(BuildAsync(log = context.Tools.Logs.New(config, order.Image.Name, id), BuildEstimate.DiskBytes(stored, order.Recipe), journal, ct));
            ended = End(building, ImageState.Ready, journal.Phases);
            ended = ended with { Run = ended.Run! with { DiskBytes = result.DiskBytes } };
            await files.Kept.KeepAsync(order.Image.Name, id, ended, CancellationToken.None);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await WithdrawAsync();
            throw;
        }
#pragma warning disable CA1031 // Whatever the tool or the disk fails with, the record has to say so: nobody else will.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await files.RemoveAsync(order.Image.Name, id, null, CancellationToken.None);
            ended = Explain(End(building, ImageState.Failed, journal.Phases), e, log);
        }

        // Whoever asks us to stop now waits for this one commit: what was done must not be forgotten.
        await BuildOutcome.StoreAsync(context.Engine, lease, stored, id, ended, CancellationToken.None);
        if (ended.State == ImageState.Ready)
        {
            LogReady(logger, order.Image.Name, id, ended.Run!.Seconds!.Value);
        }
        else
        {
            LogFailed(logger, order.Image.Name, id, ended.Failure!);
        }
    }

    private Write Fence => new Write.Check(lease.Path, Write.AnyVersion);

    private ImageBuildRecord Begin()
    {
        var now = context.Sources.UnixNow;
        return new ImageBuildRecord
        {
            State = ImageState.Building,
            StateTime = now,
            Builder = context.Options.Hostname,
            BuilderId = files.BuilderId,
            Formats = order.Formats,
            Username = order.Image.Username,
            PythonPath = order.Image.PythonPath,
            ShellType = order.Image.ShellType,
            Run = new BuildRunRecord { Started = now, Attempt = order.Attempt, RequestMs = order.RequestMs, Recipe = order.Recipe },
        };
    }

    private static ImageBuildRecord With(ImageBuildRecord record, ValueList<BuildPhase> phases) => record with { Run = record.Run! with { Phases = phases } };

    private ImageBuildRecord End(ImageBuildRecord building, ImageState state, ValueList<BuildPhase> phases)
    {
        var now = context.Sources.UnixNow;
        var ended = With(building, phases);
        return ended with { State = state, StateTime = now, Run = ended.Run! with { Seconds = Math.Max(0, now - ended.Run.Started) } };
    }

    private ImageBuildRecord Explain(ImageBuildRecord failed, Exception e, string? log) => failed with
    {
        Failure = BuildSecrets.Of(order.Image).Hide(e.Message),
        Run = failed.Run! with
        {
            FailedIn = (e as ImageBuildException)?.FailedIn ?? failed.Run.LastPhase,
            LastLines = LastLines(e as ImageBuildException, log) is { Length: > 0 } lines ? BuildSecrets.Of(order.Image).Hide(lines) : null,
        },
    };

    private string? LastLines(ImageBuildException? e, string? log) => e?.LastLines is { Length: > 0 } told
        ? string.Join('\n', told.Split('\n').TakeLast(KeptLines))
        : log is null ? null : context.Tools.Logs.Tail(log, KeptLines);

    private async Task<ImageBuildResult> BuildAsync(string log, long? expectedBytes, BuildJournal journal, CancellationToken ct)
    {
        var tool = context.Tools.ImageTools.FirstOrDefault(candidate => candidate.Name == order.Image.Tool)
            ?? throw new ImageBuildException($"there is no image tool '{order.Image.Tool}'; known are {string.Join(", ", context.Tools.ImageTools.Select(known => known.Name))}");
        var build = new ImageBuildOrder(order.Image, order.Formats, files.OutputPath(order.Image.Name, id), log, config.ElementsDir) { ExpectedBytes = expectedBytes };
        using var timeout = new CancellationTokenSource(order.Image.BuildTimeout, context.Sources.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return await tool.BuildAsync(build, journal, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ImageBuildException($"not done after {order.Image.BuildTimeout.TotalSeconds:0} s (build-timeout); log: {build.LogPath}");
        }
    }

    /// <summary>Stopped by us: nothing has failed, and nothing is left of the build. What cannot be said now is seen by whoever looks for lost builds.</summary>
    private async ValueTask WithdrawAsync()
    {
        try
        {
            await context.Engine.CommitAsync([Fence, new Write.Delete(_path, Write.AnyVersion)], CancellationToken.None);
        }
        catch (StateException)
        {
            // The lock is lost, or the store is away.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build} started: {Reason}; formats {Formats}")]
    private static partial void LogStarted(ILogger logger, string image, string build, string reason, string formats);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: {Phase}")]
    private static partial void LogPhase(ILogger logger, string image, string build, string phase);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build} ready after {Seconds:0} s")]
    private static partial void LogReady(ILogger logger, string image, string build, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Image {Image} build {Build} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string image, string build, string reason);
}
