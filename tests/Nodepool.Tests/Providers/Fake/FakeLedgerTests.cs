using Microsoft.Extensions.Time.Testing;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake;
using Nodepool.Providers.Fake.Cloud;
using Nodepool.Testing;

namespace Nodepool.Tests.Providers.Fake;

/// <summary>A fake cloud with a file, as several processes have it.</summary>
public sealed class FakeLedgerTests : IDisposable
{
    private static readonly Quota Cost = FakeFlavor.All[0].Cost;

    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-fake-").FullName;
    private readonly FakeTimeProvider _time = new();
    private int _processes;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_directory, "cloud", "instances");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Instances_OfOneProcess_AreSeenAndDeletedByAnother()
    {
        var (one, two) = (Open(), Open());
        var made = await one.CreateAsync(Order("np-1"), Ct);

        var seen = Assert.Single((await two.ListAsync(Ct)).Servers);
        Assert.Equal(made, seen);
        Assert.Equal(made.Id, (await two.CreateAsync(Order("np-1"), Ct)).Id);
        var other = await two.CreateAsync(Order("np-2"), Ct);
        Assert.NotEqual(made.Address, other.Address);

        await two.DeleteAsync(made.Id, Ct);
        Assert.Equal(FakeServerState.Deleting, (await one.GetAsync(made.Id, Ct))!.StateAt(one.Now));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([other.Id], (await one.ListAsync(Ct)).Servers.Select(server => server.Id));
        Assert.Equal([other.Id], (await Open().ListAsync(Ct)).Servers.Select(server => server.Id));
    }

    [Fact]
    public async Task Limits_CountWhatAllProcessesMade()
    {
        var (one, two) = (Open(), Open());
        one.Behaviour.Limits = two.Behaviour.Limits = Quota.Of((Quota.Instances, 1));
        await one.CreateAsync(Order("np-1"), Ct);

        var refusal = await Assert.ThrowsAsync<ProviderException>(async () => await two.CreateAsync(Order("np-2"), Ct));

        Assert.Equal(ProviderFault.QuotaExceeded, refusal.Fault);
    }

    [Fact]
    public async Task Line_ThatADyingProcessLeftUnfinished_IsTakenAway()
    {
        var one = Open();
        var made = await one.CreateAsync(Order("np-1"), Ct);
        await System.IO.File.AppendAllTextAsync(File, """{"id":"half""", Ct);

        var other = await Open().CreateAsync(Order("np-2"), Ct);

        Assert.Equal([made.Id, other.Id], (await one.ListAsync(Ct)).Servers.Select(server => server.Id));
    }

    private FakeCloud Open() => new(SeededSources.Create(_time, ++_processes), File) { Behaviour = { DeleteLatency = TimeSpan.FromSeconds(1) } };

    private static FakeServerOrder Order(string token) => new(token, new ValueMap<string>([new("key", token)]), Cost, Name: token);
}
