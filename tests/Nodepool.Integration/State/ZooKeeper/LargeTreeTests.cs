using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.ZooKeeper;
using Nodepool.Testing.State;

namespace Nodepool.Integration.State.ZooKeeper;

/// <summary>More than fits into the megabyte that ZooKeeper's own clients take.</summary>
public sealed class LargeTreeTests
{
    private const int Entries = 20_000;

    private readonly string _root = "/large-" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Children_LongerThanAMegabyteTogether_AreListedAndWatchedAlsoAfterALostConnection()
    {
        await using var engine = await OpenAsync();
        await engine.CommitAsync([new Write.Create($"{_root}/requests", default, CreateModes.Persistent)], Ct);
        // Names as long as these make a list of children of 1.4 MB.
        var name = new string('x', 60);
        await Task.WhenAll(Enumerable.Range(0, Entries).Chunk(100).Select(part => engine.CommitAsync(
            [.. part.Select(i => new Write.Create($"{_root}/requests/{name}{i:D10}", new byte[500], CreateModes.Persistent))], Ct).AsTask()));

        await using var other = await OpenAsync();
        var before = other.RequestsSent;
        await using var probe = new WatchProbe(other, _root, Ct);
        await probe.UntilAsync(seen => seen.Count == Entries + 2);
        Assert.InRange(other.RequestsSent - before, 1, 400);
        Assert.Equal(Entries, (await other.ListAsync($"{_root}/requests", Ct)).Count);

        other.Client.Sever();
        await engine.CommitAsync([new Write.Delete($"{_root}/requests/{name}{7:D10}", 0)], Ct);
        await probe.UntilAsync(seen => seen.Count == Entries + 1);
        Assert.False(other.SessionEnded.IsCancellationRequested);
    }

    [Fact]
    public async Task Entry_LargerThanTheServerTakes_IsRefusedWithTheReasonAndTheSessionGoesOn()
    {
        await using var engine = await OpenAsync();

        var refused = await Assert.ThrowsAsync<StateException>(
            async () => await engine.CommitAsync([new Write.Create(_root, new byte[1_100_000], CreateModes.Persistent)], Ct));

        Assert.Contains("jute.maxbuffer", refused.Message, StringComparison.Ordinal);
        await engine.CommitAsync([new Write.Create(_root, new byte[1_000_000], CreateModes.Persistent)], Ct);
        Assert.Equal(1_000_000, (await engine.GetAsync(_root, Ct))!.Data.Length);
    }

    private static async Task<ZooKeeperEngine> OpenAsync() => await ZooKeeperEngine.OpenAsync(
        new ZooKeeperSettings((await SharedServer.Instance).Server.Address), SystemSources.Create(), NullLogger.Instance, Ct);
}
