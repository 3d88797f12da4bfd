using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.Sqlite;

namespace Nodepool.Worker;

/// <summary>What the other process can do.</summary>
internal sealed class StateWorker(string store)
{
    private const int Accounts = 8;

    private readonly Random _random = new(Environment.ProcessId);

    public static IReadOnlyDictionary<string, Func<StateWorker, string[], Task>> Commands { get; } =
        new Dictionary<string, Func<StateWorker, string[], Task>>(StringComparer.Ordinal)
        {
            ["hold"] = (worker, args) => worker.HoldAsync(args[0]),
            ["tick"] = (worker, args) => worker.TickAsync(args[0], Number(args[1])),
            ["raise"] = (worker, args) => worker.RaiseAsync(args[0], Number(args[1])),
            ["move"] = (worker, args) => worker.MoveAsync(args[0]),
        };

    /// <summary>Takes the lock, makes an ephemeral entry beside it, starts a child that outlives us, and stays.</summary>
    private async Task HoldAsync(string directory)
    {
        await using var engine = await OpenAsync();
        await using var lease = await engine.TryLockAsync(directory, new LockOptions("worker"), default);
        await engine.CommitAsync([new Write.Create("/alive/", default, CreateModes.Sequential | CreateModes.Ephemeral)], default);
        using var child = Process.Start(new ProcessStartInfo("sleep", ["30"]));
        await SayAsync(lease is null ? "refused" : $"held {child!.Id}");
        await Console.In.ReadLineAsync();
    }

    /// <summary>Writes the time into an entry, again and again.</summary>
    private async Task TickAsync(string path, int times)
    {
        await using var engine = await OpenAsync();
        await SayAsync("ready");
        await Console.In.ReadLineAsync();
        for (var i = 0; i < times; i++)
        {
            await engine.CommitAsync([new Write.Set(path, Bytes(Stopwatch.GetTimestamp()), Write.AnyVersion)], default);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }

        await SayAsync("done");
    }

    /// <summary>Raises a counter by one so many times, competing with others; also counts its own successes in an entry of its own.</summary>
    private async Task RaiseAsync(string path, int times)
    {
        await using var engine = await OpenAsync();
        await SayAsync("ready");
        await Console.In.ReadLineAsync();
        for (var done = 0; done < times;)
        {
            var entry = await engine.GetAsync(path, default);
            try
            {
                var next = long.Parse(entry!.Data.Span, CultureInfo.InvariantCulture) + 1;
                await engine.CommitAsync(
                    [new Write.Set(path, Bytes(next), entry.Version), new Write.Create("/raised/", Bytes(next), CreateModes.Sequential)], default);
                done++;
            }
            catch (StateException e) when (e.IsConflict)
            {
                // Another process was quicker.
            }
        }

        await SayAsync("done");
    }

    /// <summary>
    /// Moves amounts between accounts until it is killed; each commit changes two accounts and adds an entry, all or none of
    /// which a survivor must see. Says the position of each commit that was answered.
    /// </summary>
    private async Task MoveAsync(string directory)
    {
        await using var engine = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (true)
            {
                await MoveOnceAsync(engine, directory);
            }
        }));
    }

    private async Task MoveOnceAsync(SqliteEngine engine, string directory)
    {
        var from = await engine.GetAsync($"{directory}/{_random.Next(Accounts)}", default);
        var to = await engine.GetAsync($"{directory}/{_random.Next(Accounts)}", default);
        var amount = _random.Next(1, 10);
        if (from!.Path == to!.Path)
        {
            return;
        }

        try
        {
            var result = await engine.CommitAsync(
                [
                    new Write.Set(from.Path, Bytes(Value(from) - amount), from.Version),
                    new Write.Create("/log/", new byte[_random.Next(9000)], CreateModes.Sequential),
                    new Write.Create("/log/brief", default, CreateModes.Ephemeral),
                    new Write.Set(to.Path, Bytes(Value(to) + amount), to.Version),
                    new Write.Delete("/log/brief", Write.AnyVersion),
                ],
                default);
            await SayAsync(result.Created[0]);
        }
        catch (StateException e) when (e.IsConflict)
        {
            // Another was quicker.
        }
    }

    private Task<SqliteEngine> OpenAsync() => SqliteEngine.OpenAsync(store, SystemSources.Create(), NullLogger.Instance, default);

    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteLineAsync(line);
        await Console.Out.FlushAsync();
    }

    private static long Value(Entry entry) => long.Parse(entry.Data.Span, CultureInfo.InvariantCulture);

    private static byte[] Bytes(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
