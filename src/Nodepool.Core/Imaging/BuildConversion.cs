using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;

namespace Nodepool.Core.Imaging;

/// <summary>
/// Completes a fresh build that lacks formats, because a provider was added for example, by converting its files instead of building all of it again.
/// The content stays, so does its age. What does not work is left to a build.
/// </summary>
internal sealed partial class BuildConversion(BuilderContext context, IBuildFiles files, NodepoolConfig config, ILease lease, ILogger logger)
{
    /// <summary>Tries it.</summary>
    /// <returns>False when the image has to be built.</returns>
    public async Task<bool> TryAsync(BuildOrder order, CancellationToken ct)
    {
        if (order.Incomplete is not { Record: { } record } build || record.BuilderId != files.BuilderId || context.Tools.Converter is not { } converter)
        {
            return false;
        }

        var missing = order.Formats.Where(format => !record.Formats.Contains(format)).ToValueList();
        if (SourceOf(converter, files.Find(build.Image, build.Id), missing) is not { } source)
        {
            return false;
        }

        LogStarted(logger, build.Image, build.Id, string.Join(",", missing), source);
        try
        {
            var conversion = new ImageBuildOrder(order.Image, missing, files.OutputPath(build.Image, build.Id), context.Tools.Logs.New(config, build.Image, build.Id), config.ElementsDir);
            using var journal = new BuildJournal(context.Sources, phase => LogPhase(logger, build.Image, build.Id, phase), (_, _) => ValueTask.CompletedTask);
            using var timeout = new CancellationTokenSource(order.Image.BuildTimeout, context.Sources.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
            await converter.ConvertAsync(source, conversion, journal, either.Token);
            if (await TryStoreAsync(build, missing))
            {
                LogDone(logger, build.Image, build.Id, string.Join(",", missing));
            }

            return true;
        }
        catch (Exception e) when (e is ImageBuildException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            LogFailed(logger, build.Image, build.Id, BuildSecrets.Of(order.Image).Hide(e.Message));
            return false;
        }
    }

    /// <summary>Conversions take minutes: meanwhile the build may have been withdrawn somewhere, or files of it may have gone after their uploads.</summary>
    private async ValueTask<bool> TryStoreAsync(BuildView build, ValueList<string> made)
    {
        var path = NodepoolPaths.Build(build.Image, build.Id);
        while (await context.Engine.GetAsync(path, CancellationToken.None) is { } entry && ImageBuildRecord.Read(entry.Data.Span) is { State: ImageState.Ready } record)
        {
            var complete = record with { Formats = record.Formats.Union(made).Order(StringComparer.Ordinal).ToValueList() };
            await files.Kept.KeepAsync(build.Image, build.Id, complete, CancellationToken.None);
            try
            {
                await context.Engine.CommitAsync([new Write.Check(lease.Path, Write.AnyVersion), new Write.Set(path, complete.Write(), entry.Version)], CancellationToken.None);
                return true;
            }
            catch (StateException e) when (e.IsConflict && e.Path == path)
            {
                // Changed between the look and the commit.
            }
        }

        // It is being deleted, and its files with it.
        return false;
    }

    /// <summary>A raw file is read fastest; any other will do.</summary>
    private static string? SourceOf(IImageConverter converter, IReadOnlyDictionary<string, string> found, ValueList<string> missing) => found
        .Where(file => missing.All(format => converter.CanConvert(file.Key, format)))
        .OrderBy(file => file.Key == "raw" ? 0 : 1).ThenBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Value).FirstOrDefault();

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build} lacks {Formats}: converting {Source}")]
    private static partial void LogStarted(ILogger logger, string image, string build, string formats, string source);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build}: {Phase}")]
    private static partial void LogPhase(ILogger logger, string image, string build, string phase);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} build {Build} has {Formats} now")]
    private static partial void LogDone(ILogger logger, string image, string build, string formats);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} build {Build} cannot be converted, it is built again: {Reason}")]
    private static partial void LogFailed(ILogger logger, string image, string build, string reason);
}
