using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.State;
using Nodepool.State.ZooKeeper;

namespace Nodepool.Integration.State.ZooKeeper;

/// <summary>The real kazoo contends for the locks that we hold and wait for, and we for its.</summary>
public sealed class KazooLockTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);
    private static readonly LockOptions Forever = new("ours", Timeout.InfiniteTimeSpan);

    private readonly string _root = $"/kazoo-{System.Security.Cryptography.RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    private string _servers = "";
    private ZooKeeperEngine _engine = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Lock => _root + "/lock";

    public async ValueTask InitializeAsync()
    {
        _servers = (await SharedServer.Instance).Server.Address;
        _engine = await ZooKeeperEngine.OpenAsync(new ZooKeeperSettings(_servers), SystemSources.Create(), NullLogger.Instance, Ct);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Lock_HeldByKazoo_IsNotOursUntilItLetsGo()
    {
        using var kazoo = await KazooPeer.StartAsync(_servers, Short);
        Assert.Equal("locked", await kazoo.AskAsync($"lock {Lock} now"));
        Assert.Null(await _engine.TryLockAsync(Lock, LockOptions.Immediate, Ct));
        var waiting = _engine.TryLockAsync(Lock, Forever, Ct).AsTask();
        while (await kazoo.AskAsync($"contenders {Lock}") != "kazoo,ours")
        {
            await Task.Yield();
        }

        Assert.Equal("released", await kazoo.AskAsync($"release {Lock}"));

        await using var lease = await waiting.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        Assert.NotNull(lease);
        Assert.Equal("busy", await kazoo.AskAsync($"lock {Lock} now"));
        Assert.Equal("ours", await kazoo.AskAsync($"contenders {Lock}"));
    }

    [Fact]
    public async Task Lock_HeldByUs_IsKazoosWhenWeLetGo()
    {
        using var kazoo = await KazooPeer.StartAsync(_servers, Short);
        var lease = await _engine.TryLockAsync(Lock, Forever, Ct);
        var waiting = kazoo.AskAsync($"lock {Lock} wait");

        await lease!.DisposeAsync();

        Assert.Equal("locked", await waiting);
        Assert.Null(await _engine.TryLockAsync(Lock, LockOptions.Immediate, Ct));
    }

    [Fact]
    public async Task Lock_OfAKazooThatIsKilled_IsOursAfterItsSession()
    {
        using var kazoo = await KazooPeer.StartAsync(_servers, Short);
        Assert.Equal("locked", await kazoo.AskAsync($"lock {Lock} now"));
        var waiting = _engine.TryLockAsync(Lock, Forever, Ct).AsTask();

        await kazoo.KillAsync();

        await using var lease = await waiting.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        Assert.NotNull(lease);
    }

    [Fact]
    public async Task Counter_UnderALockOfBothKinds_LosesNothing()
    {
        const int Rounds = 60;
        var counter = _root + "/counter";
        await _engine.CommitAsync([new Write.Create(counter, "0"u8.ToArray(), CreateModes.Persistent)], Ct);
        using var one = await KazooPeer.StartAsync(_servers, Short);
        using var two = await KazooPeer.StartAsync(_servers, Short);

        var theirs = new[] { one, two }.Select(peer => peer.AskAsync($"count {Lock} {counter} {Rounds}")).ToArray();
        await Task.WhenAll(CountAsync(counter, Rounds), CountAsync(counter, Rounds));

        Assert.Equal(["counted", "counted"], await Task.WhenAll(theirs));
        Assert.Equal($"{4 * Rounds}", Encoding.UTF8.GetString((await _engine.GetAsync(counter, Ct))!.Data.Span));
        Assert.Empty(await _engine.ListAsync(Lock, Ct));
    }

    private async Task CountAsync(string counter, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            await using var lease = await _engine.TryLockAsync(Lock, Forever, Ct);
            var entry = await _engine.GetAsync(counter, Ct);
            var next = int.Parse(entry!.Data.Span, CultureInfo.InvariantCulture) + 1;
            await _engine.CommitAsync([new Write.Check(lease!.Path, Write.AnyVersion), new Write.Set(counter, Encoding.UTF8.GetBytes($"{next}"), entry.Version)], Ct);
        }
    }
}
