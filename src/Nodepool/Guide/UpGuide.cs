using Nodepool.Cli;
using Nodepool.Core;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Reconciling;
using Nodepool.Core.View;

namespace Nodepool.Guide;

/// <summary>
/// Tells the person who ran <c>nodepool up</c> what is happening until every label has its ready nodes, and then how to use them. It only reads.
/// </summary>
/// <param name="feed">The newest picture.</param>
/// <param name="configurations">The configuration now.</param>
/// <param name="facts">What the last lines name.</param>
/// <param name="sources">Time.</param>
/// <param name="say">Lines for the person at the terminal.</param>
internal sealed class UpGuide(ClusterFeed feed, IConfigSource configurations, UpFacts facts, Sources sources, TextWriter say) : IRole
{
    /// <summary>What has not changed is said again so often, so that nobody takes patience for death.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(30);

    private readonly long _start = sources.Time.GetTimestamp();

    public string Name => "guide";

    public async Task RunAsync(CancellationToken ct)
    {
        await WaitUntilReadyAsync(ct);
        SayHowToUse(UpProgress.Of(feed.Current, configurations.Current.Config));
        await Task.Delay(Timeout.InfiniteTimeSpan, sources.Time, ct);
    }

    /// <summary>Returns when every label has its ready nodes; says meanwhile what is being done, and for how long it has been.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        using var wake = feed.Subscribe();
        await feed.AtLeastAsync(0, ct);
        var (told, toldAt) = ("", TimeSpan.Zero);
        while (UpProgress.Of(feed.Current, configurations.Current.Config) is { IsComplete: false } progress)
        {
            var text = string.Join('\n', progress.Lines);
            var elapsed = sources.Time.GetElapsedTime(_start);
            if (text != told || elapsed - toldAt >= Reminder)
            {
                (told, toldAt) = (text, elapsed);
                foreach (var line in progress.Lines)
                {
                    say.WriteLine($"{Clock(elapsed)}  {Logging.Printable.Line(line)}");
                }
            }

            await wake.WaitAsync(toldAt + Reminder - elapsed, ct);
        }
    }

    private void SayHowToUse(UpProgress progress)
    {
        say.WriteLine($"{Clock(sources.Time.GetElapsedTime(_start))}  ready and serving:");
        foreach (var (label, node) in progress.Ready)
        {
            var key = facts.FindLoginKey(configurations.Current.Config, node.Record!.Provider);
            say.WriteLine($"  {label}, node {node.Id}; to look at it: {ShellLine.Of(LoginLine.Words(node.Id, node.Record, key))}");
        }

        var first = progress.Ready.Keys.FirstOrDefault() ?? "LABEL";
        say.WriteLine($"  request another: {ShellLine.Of([.. facts.Program, "request", "--wait", first])}");
        say.WriteLine($"  see all of them: {ShellLine.Of([.. facts.Program, "list"])}");
        say.WriteLine($"  state and store: {facts.StateDir}; build logs: {configurations.Current.Config.BuildLogDir}");
        say.WriteLine("  Ctrl-C stops everything in order");
    }

    private static string Clock(TimeSpan elapsed) => $"{(int)elapsed.TotalMinutes}:{elapsed.Seconds:00}";
}
