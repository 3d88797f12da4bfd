using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Tests.Launching;

/// <summary>What bears a provider's mark and belongs to no record goes, whatever becomes of the rest.</summary>
public sealed class LeakTests
{
    private readonly ReloadBed _bed = new(new NodepoolConfig { Providers = [new ProviderConfig { Name = "cloud", Driver = "fake", Pools = [new PoolConfig { Name = "main" }] }] });

    [Fact]
    public void OneCannotBeDeleted_TheOthersGoAllTheSame_AndItGoesLater()
    {
        var stays = true;
        var ids = new List<string>();
        _bed.StartLauncher();
        _bed.Until(() => _bed.Pool("main") is not null, "the pool runs");
        for (var n = 0; n < 3; n++)
        {
            _bed.Do(async () => ids.Add((await _bed.Cloud.CreateAsync(Leak(ids.Count), CancellationToken.None)).Id));
        }

        _bed.Cloud.Behaviour.Decide = (operation, subject) =>
            stays && operation == FakeOperation.Delete && subject == ids[0] ? FakeFate.Fails(ProviderFault.Unavailable) : null;

        _bed.Until(() => Left().SequenceEqual([ids[0]]), "the others are gone");
        stays = false;
        _bed.Until(() => Left().Length == 0, "all are gone");
    }

    private string[] Left() => [.. _bed.Cloud.Truth.Servers.Where(server => server.StateAt(_bed.Cloud.Now) != FakeServerState.Gone).Select(server => server.Id)];

    private static FakeServerOrder Leak(int n) => new($"leak-{n}", new ValueMap<string>([new(NodeMetadata.ProviderName, "cloud"), new(NodeMetadata.NodeId, $"{n:0000000000}")]), Quota.Zero, null, $"np{n}");
}
