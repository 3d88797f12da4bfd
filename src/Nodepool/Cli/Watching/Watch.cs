using System.CommandLine;
using Nodepool.Cli.Output;
using Nodepool.Core.View;

namespace Nodepool.Cli.Watching;

/// <summary>
/// Shows something again and again: at once when the store changes, but at most four times a second, and each second because of the ages.
/// Ctrl-C is the usual way to end it and a success.
/// </summary>
internal static class Watch
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public static Option<bool> Option() => new("--watch", "-w")
    {
        Description = "Go on until Ctrl-C: on a terminal redraw in place, else print again when something has changed (-o json: one line each time)",
    };

    /// <param name="call">The call.</param>
    /// <param name="title">What is watched.</param>
    /// <param name="look">Makes the picture of a moment.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The exit status.</returns>
    /// <exception cref="CliException">The session has ended; or the form cannot be watched.</exception>
    public static async Task<int> RunAsync(CliCall call, string title, Func<ClusterView, Picture> look, CancellationToken ct)
    {
        if (call.Form == OutputForm.Csv)
        {
            throw new CliException("--watch goes with -o table, wide, json and yaml: CSV has no place for a second list", ExitStatus.Usage);
        }

        try
        {
            await using var engine = await call.OpenStoreAsync(ct);
            await using var store = await FollowedStore.OpenAsync(engine, call.World.Sources.Time, ct);
            using IWatchOutput output = call.World.OutCanRedraw && call.IsForPeople
                ? new WatchScreen(call.World, title, store.Wake.Set)
                : new WatchLines(call.World.Out, call.Form);
            while (true)
            {
                output.Show(look(store.Current));
                await Task.Delay(Pause, call.World.Sources.Time, store.End);
                await store.Wake.WaitAsync(Tick - Pause, store.End);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitStatus.Ok;
        }
        catch (OperationCanceledException)
        {
            throw new CliException("the store's session has ended; start the command again");
        }
    }
}
