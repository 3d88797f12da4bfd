using Microsoft.Extensions.Logging;
using Nodepool.Core.Config;
using Nodepool.Core.Launching;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.Reconciling;
using Nodepool.Core.State;

namespace Nodepool.Core.Canaries;

/// <summary>Carries out <see cref="CanaryPlanner"/>, one commit per step.</summary>
internal sealed partial class CanaryReconciler(LauncherContext context, Func<NodepoolConfig> currentConfig, ILease lease) : IReconciler
{
    private static readonly TimeSpan Fallback = TimeSpan.FromSeconds(60);

    private readonly ILogger _logger = context.Loggers.CreateLogger("canaries");
    private readonly FencedCommits _commits = context.CommitsUnder(lease);

    public string Name => "canaries";

    public async ValueTask<TimeSpan> ReconcileAsync(CancellationToken ct)
    {
        var view = await _commits.ViewAsync(ct);
        var now = context.Sources.UnixNow;
        var plan = CanaryPlanner.Plan(view, currentConfig(), now);
        foreach (var step in plan.Steps)
        {
            await ApplyAsync(step, now, ct);
        }

        var wait = plan.NextDue is { } next ? TimeSpan.FromSeconds(Math.Max(0, next - now)) : Fallback;
        return wait < Fallback ? wait : Fallback;
    }

    private async ValueTask ApplyAsync(CanaryStep step, double now, CancellationToken ct)
    {
        // Not when a result or an operator came between: the next pass decides anew.
        if (await _commits.TryAsync([Entry(step), .. step is { Withdrawn: { } trial, Next: { } verdict } ? Withdrawal(step, trial, verdict, now) : []], ct))
        {
            Log(step);
        }
    }

    private static Write Entry(CanaryStep step)
    {
        var path = NodepoolPaths.Canary(step.Image.Name, step.Scope);
        return (step.Image.Canaries.GetValueOrDefault(step.Scope), step.Next) switch
        {
            ({ } stored, null) => new Write.Delete(path, stored.Version),
            ({ } stored, { } next) => new Write.Set(path, next.Write(), stored.Version),
            (null, var next) => new Write.Create(path, next!.Write(), CreateModes.Persistent),
        };
    }

    /// <summary>What <c>image-delete</c> does, if the upload to go back to is still there.</summary>
    private static IEnumerable<Write> Withdrawal(CanaryStep step, CanaryTrial trial, CanaryRecord verdict, double now)
    {
        var image = step.Image;
        var (candidate, baseline) = (trial.Candidate, trial.Baseline);
        yield return new Write.Check(baseline.Path, baseline.Version);
        if (image.Builds.GetValueOrDefault(baseline.Build) is { } kept)
        {
            yield return new Write.Check(NodepoolPaths.Build(image.Name, kept.Id), kept.Version);
        }

        yield return new Write.Set(candidate.Path, (candidate.Record! with { State = ImageState.Deleting, StateTime = now }).Write(), candidate.Version);
        if (image.Builds.GetValueOrDefault(candidate.Build) is { Record: { } record } build && build.Id != baseline.Build)
        {
            yield return new Write.Set(
                NodepoolPaths.Build(image.Name, build.Id), BuildEdit.Withdrawn(record, candidate.Provider, new Withdrawal(now, $"canary{Of(step.Scope)}: {verdict.Reason}")).Write(), build.Version);
        }
    }

    private static string At(CanaryScope scope) => scope.Provider + (scope.Label is { } label ? $", label {label}" : "");

    private static string Of(CanaryScope scope) => scope.Label is { } label ? $" of label {label}" : "";

    private void Log(CanaryStep step)
    {
        switch (step.Next)
        {
            case { IsOpen: true, Candidate: { } candidate }:
                LogBegun(_logger, step.Image.Name, At(step.Scope), candidate);
                break;
            case { Verdict: CanaryVerdict.Withdrawn, Reason: { } reason } when step.Withdrawn is { } trial:
                LogWithdrawn(_logger, step.Image.Name, At(step.Scope), trial.Candidate.Build, trial.Candidate.Id, trial.Baseline.Build, reason);
                break;
            case { Verdict: CanaryVerdict.Promoted, Reason: { } reason } next when next.Trusted == next.Candidate:
                LogPromoted(_logger, step.Image.Name, At(step.Scope), next.Candidate!, reason);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} at provider {Provider}: {Upload} is on trial")]
    private static partial void LogBegun(ILogger logger, string image, string provider, string upload);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Image {Image} at provider {Provider}: build {Build}, upload {Upload}, is withdrawn; new nodes boot from build {Previous}: {Reason}")]
    private static partial void LogWithdrawn(ILogger logger, string image, string provider, string build, string upload, string previous, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} at provider {Provider}: {Upload} has proved itself: {Reason}")]
    private static partial void LogPromoted(ILogger logger, string image, string provider, string upload, string reason);
}
