using System.Globalization;
using Nodepool.Core.Config;
using Nodepool.Core.Model;

namespace Nodepool.Core.Canaries;

/// <summary>Says how a trial ends, from its evidence. Pure.</summary>
public static class CanaryJudge
{
    private const double Significance = 0.05;

    /// <summary>Means of fewer launches than this say nothing of slowness.</summary>
    private const int FewestForMeans = 5;

    /// <summary>Judges; null while the trial goes on.</summary>
    /// <param name="trial">An open trial.</param>
    /// <param name="config">What it has to prove.</param>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static (CanaryVerdict Verdict, string Reason)? Judge(CanaryRecord trial, CanaryConfig config, double unixNow)
    {
        ArgumentNullException.ThrowIfNull(trial);
        ArgumentNullException.ThrowIfNull(config);
        var evidence = $"{trial.New}; the previous upload meanwhile: {trial.Old}";
        if (IsWorse(trial.New.Failed, trial.New.Ready, trial.Old.Failed, trial.Old.Ready, out var chance))
        {
            return (CanaryVerdict.Withdrawn, $"launches fail ({chance} by chance): {evidence}");
        }

        if (IsWorse(trial.New.JobsFailed, trial.New.JobsPassed, trial.Old.JobsFailed, trial.Old.JobsPassed, out chance))
        {
            return (CanaryVerdict.Withdrawn, $"jobs fail ({chance} by chance): {evidence}");
        }

        var isOver = unixNow >= trial.Since + config.MaxAge.TotalSeconds;
        if (!isOver && trial.New.Launches < config.Launches)
        {
            return null;
        }

        return trial.New is { Ready: 0, Failed: > 0 } ? (CanaryVerdict.Withdrawn, $"no launch succeeded: {evidence}")
            : IsSlow(trial, config) ? (CanaryVerdict.Withdrawn, $"more than {config.MaxSlowdown.ToString(CultureInfo.InvariantCulture)} times slower: {evidence}")
            : (CanaryVerdict.Promoted, evidence);
    }

    private static bool IsWorse(int newFailed, int newPassed, int oldFailed, int oldPassed, out string chance)
    {
        var p = newFailed == 0 || oldFailed + oldPassed == 0 ? 1 : FisherTest.Chance(newFailed, newPassed, oldFailed, oldPassed);
        chance = (p * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

        // Sums of exponentials are not exact: three of three against none of three are 0.05.
        return p <= Significance + 1e-9;
    }

    private static bool IsSlow(CanaryRecord trial, CanaryConfig config) =>
        trial.New.Ready >= FewestForMeans && trial.Old.Ready >= FewestForMeans && trial.New.MeanSeconds > config.MaxSlowdown * trial.Old.MeanSeconds;
}
