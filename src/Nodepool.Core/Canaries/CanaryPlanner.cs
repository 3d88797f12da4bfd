using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Canaries;

/// <summary>Begins and ends trials of new uploads, at each provider and for each label with a section of its own for itself. Pure.</summary>
public static class CanaryPlanner
{
    /// <summary>Decides.</summary>
    public static CanaryPlan Plan(ClusterView view, NodepoolConfig config, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(config);
        var steps = new List<CanaryStep>();
        var next = double.PositiveInfinity;
        foreach (var name in config.DiskImages.Select(section => section.Name))
        {
            var image = view.Image(name);
            foreach (var (scope, canary) in LaunchCanary.All(config, name))
            {
                if (Step(image, scope, canary!, unixNow) is { } step)
                {
                    steps.Add(step);
                }
                else if (CanaryTrial.Of(image, scope)?.Record is { } open)
                {
                    next = Math.Min(next, open.Since + canary!.MaxAge.TotalSeconds);
                }
            }
        }

        steps.AddRange(Forgotten(view, config));
        return new CanaryPlan(steps.ToValueList(), double.IsInfinity(next) ? null : next);
    }

    private static CanaryStep? Step(ImageView image, CanaryScope scope, CanaryConfig config, double unixNow)
    {
        var stored = image.Canaries.GetValueOrDefault(scope);
        if (image.NewestReadyUpload(scope.Provider) is not { } newest || stored is { Record: null })
        {
            // Nothing to judge, or an entry that somebody else understands.
            return null;
        }

        if (CanaryTrial.Of(image, scope) is not { } trial)
        {
            return stored?.Record?.Trusted == newest.Path ? null : new CanaryStep(image, scope, Trust(stored?.Record, image, newest));
        }

        if (trial.Record is not { } open)
        {
            return new CanaryStep(image, scope, new CanaryRecord
            {
                Trusted = trial.Baseline.Path,
                TrustedBuilt = image.BuiltAt(trial.Baseline),
                Candidate = trial.Candidate.Path,
                Since = unixNow,
            });
        }

        return CanaryJudge.Judge(open, config, unixNow) switch
        {
            null => null,
            (CanaryVerdict.Promoted, var reason) => new CanaryStep(image, scope, open with
            {
                Trusted = newest.Path,
                TrustedBuilt = image.BuiltAt(newest),
                Verdict = CanaryVerdict.Promoted,
                Reason = reason,
            }),
            (_, var reason) => new CanaryStep(image, scope, open with { Verdict = CanaryVerdict.Withdrawn, Reason = reason }, trial),
        };
    }

    /// <summary>There is nothing to compare it with, or it is what was gone back to. What was told of an earlier trial stays, unless that is still open: its candidate has gone.</summary>
    private static CanaryRecord Trust(CanaryRecord? before, ImageView image, UploadView newest) =>
        (before is { IsOpen: false } told ? told : new CanaryRecord { Trusted = "" }) with { Trusted = newest.Path, TrustedBuilt = image.BuiltAt(newest) };

    /// <summary>Entries of trials that nobody wants any more; those of providers that this file does not know are somebody else's.</summary>
    private static IEnumerable<CanaryStep> Forgotten(ClusterView view, NodepoolConfig config) =>
        from image in view.Images.Values
        where !image.Canaries.IsEmpty
        let wanted = LaunchCanary.All(config, image.Name).Select(canary => canary.Scope).ToHashSet()
        from canary in image.Canaries.Values
        where !wanted.Contains(canary.Scope) && config.FindProvider(canary.Scope.Provider) is not null
        orderby image.Name, canary.Scope.Provider, canary.Scope.Label
        select new CanaryStep(image, canary.Scope, null);
}
