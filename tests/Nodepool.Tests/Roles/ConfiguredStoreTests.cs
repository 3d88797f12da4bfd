using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Config.Reading;
using Nodepool.Roles;
using Nodepool.State.ZooKeeper.Client;
using Nodepool.Tests.State.ZooKeeper;

namespace Nodepool.Tests.Roles;

public sealed class ConfiguredStoreTests
{
    private static readonly ZooKeeperConfig OneAndTwo = new() { Servers = [new("one", null), new("two", null)] };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Servers_ThatReplaceOthers_AreUsedWithoutLosingTheSession()
    {
        await using var setup = new EngineSetup();
        var engine = await setup.OpenAsync();
        var session = engine.Client.Ticket.Id;
        var called = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        setup.Server.Called = server => called.TrySetResult(server);

        await FollowedByAsync(engine, OneAndTwo with { Servers = [new("three", 77)] }, async () =>
        {
            Assert.Equal("three:77", await called.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct));
            await engine.CommitAsync([EngineSetup.Create("/a")], Ct);
        });

        Assert.Equal(session, engine.Client.Ticket.Id);
        Assert.Equal(["three:77"], setup.Server.Connected.Distinct());
    }

    [Fact]
    public async Task Place_ThatIsAnotherStore_WaitsForTheNextStart()
    {
        await using var setup = new EngineSetup();
        var engine = await setup.OpenAsync();

        await FollowedByAsync(engine, OneAndTwo with { Servers = [new("three", 77)], Chroot = "/other" }, async () => await engine.GetAsync("/", Ct));

        Assert.DoesNotContain(OpCode.Sync, setup.Server.Seen);
    }

    [Theory]
    [InlineData("state-dir: /s\nbad: 1", null, "/s")]
    [InlineData("state-dir: /s\nzookeeper-servers: [{host: a}]\nbad: 1", null, "ZooKeeper a:2181")]
    [InlineData("zookeeper-servers: [{host: a}]\nbad: 1", "zookeeper-servers: [{host: b, chroot: /c}]\nzookeeper-tls: {cert: c, key: k, ca: a}", "ZooKeeper b:2281/c")]
    public void Place_InAFileThatIsWrongElsewhere_IsFound(string text, string? secure, string place)
    {
        var document = Parse(text);

        Assert.Equal(place, NodepoolConfigReader.StoreOf(document, secure is null ? null : Parse(secure))!.ToString());
    }

    private static ConfigDocument Parse(string text) => ConfigDocument.Parse("np.yaml", text, _ => null, "/");

    /// <summary>Follows a source whose second configuration has this ensemble.</summary>
    private static async Task FollowedByAsync(Nodepool.State.ZooKeeper.ZooKeeperEngine engine, ZooKeeperConfig next, Func<Task> meanwhile)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var source = new ConfigPublisher(new NodepoolConfig { ZooKeeper = OneAndTwo });
        var following = ConfiguredStore.FollowAsync(engine, source.Current.Config.Store, source, NullLogger.Instance, stop.Token);
        source.Publish(new NodepoolConfig { ZooKeeper = next });
        await meanwhile();
        await stop.CancelAsync();
        await following;
    }
}
