using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.State;

namespace Nodepool.Core.Imaging;

/// <summary>One image build: record, tool, record. The record is there before the tool starts and says afterwards why it failed.</summary>
internal sealed partial class BuildRun(BuilderContext context, IBuildFiles files, NodepoolConfig config, ILease lease, BuildOrder order, string id)
{
    private readonly string _path = NodepoolPaths.Build(order.Image.Name, id);

    /// <summary>Runs the build to its end.</summary>
    public async Task RunAsync(bool wasRequested, ILogger logger, CancellationToken ct)
    {
        var started = context.Sources.UnixNow;
        var record = new ImageBuildRecord
        {
            State = ImageState.Building,
            StateTime = started,
            Builder = context.Options.Hostname,
            BuilderId = files.BuilderId,
            Formats = order.Formats,
            Username = order.Image.Username,
            PythonPath = order.Image.PythonPath,
            ShellType = order.Image.ShellType,
        };
        await context.Engine.CommitAsync([Fence, new Write.Create(_path, record.Write(), CreateModes.Persistent)], ct);
        try
        {
            await BuildAsync(logger, ct);
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
            await files.RemoveAsync(order.Image.Name, id, ct);
            var failed = record with { State = ImageState.Failed, StateTime = context.Sources.UnixNow, Failure = e.Message };
            await context.Engine.CommitAsync([Fence, new Write.Set(_path, failed.Write(), Write.AnyVersion)], ct);
            LogFailed(logger, order.Image.Name, id, e.Message);
            return;
        }

        var ready = record with { State = ImageState.Ready, StateTime = context.Sources.UnixNow };
        await context.Engine.CommitAsync([Fence, new Write.Set(_path, ready.Write(), Write.AnyVersion)], ct);
        LogReady(logger, order.Image.Name, id, ready.StateTime - started);
        if (wasRequested)
        {
            await ClearRequestAsync(ct);
        }
    }

    private Write Fence => new Write.Check(lease.Path, Write.AnyVersion);

    private async Task BuildAsync(ILogger logger, CancellationToken ct)
    {
        var tool = context.Tools.FirstOrDefault(candidate => candidate.Name == order.Image.Tool)
            ?? throw new ImageBuildException($"there is no image tool '{order.Image.Tool}'; known are {string.Join(", ", context.Tools.Select(known => known.Name))}");
        var build = new ImageBuildOrder(
            order.Image, order.Formats, files.OutputPath(order.Image.Name, id), files.NewLog(config, order.Image.Name, id), config.ElementsDir);
        using var timeout = new CancellationTokenSource(order.Image.BuildTimeout, context.Sources.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            await tool.BuildAsync(build, new BuildProgress(phase => LogPhase(logger, order.Image.Name, id, phase)), either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new ImageBuildException($"not done after {order.Image.BuildTimeout.TotalSeconds:0} s (build-timeout); log: {build.LogPath}");
        }
    }

    /// <summary>Stopped by us: nothing has failed, and nothing is left of the build.</summary>
    private async ValueTask WithdrawAsync()
    {
        try
        {
            await context.Engine.CommitAsync([new Write.Delete(_path, Write.AnyVersion)], CancellationToken.None);
        }
        catch (StateException)
        {
            // The record stays without an owner; the next builder's retention pass sees that.
        }
    }

    private async ValueTask ClearRequestAsync(CancellationToken ct)
    {
        try
        {
            await context.Engine.CommitAsync([new Write.Delete(NodepoolPaths.BuildRequest(order.Image.Name), Write.AnyVersion)], ct);
        }
        catch (StateException e) when (e.IsConflict)
        {
            // Somebody has taken the request back.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: {Phase}")]
    private static partial void LogPhase(ILogger logger, string image, string build, string phase);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build} ready after {Seconds:0} s")]
    private static partial void LogReady(ILogger logger, string image, string build, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Image {Image} build {Build} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string image, string build, string reason);
}
