using Nodepool.Core.Config;
using Nodepool.Core.Config.Following;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Model;
using Nodepool.Core.Reconciling;
using Nodepool.Tests.Config;
using Nodepool.Tests.Launching;

namespace Nodepool.Tests.Reconciling;

public sealed class ProcessRegistrationTests : IDisposable
{
    private static readonly ProcessRecord Itself = new() { Hostname = "host", ProcessId = 7, Roles = ["launcher", "web"], ConfigFiles = "np.yaml with secure.yaml" };

    private readonly ReloadBed _bed = new(new NodepoolConfig());
    private readonly CancellationTokenSource _stop = new();

    public ProcessRegistrationTests()
    {
        _bed.Start(() => new ProcessRegistration(_bed.Engine, _bed.Configurations, Itself, _bed.Process.Sources).RunAsync(_stop.Token));
        _bed.Until(() => Stored is not null, "it is told");
    }

    public void Dispose() => _stop.Dispose();

    private ProcessRecord? Stored => _bed.Feed.Current.Processes.Values.SingleOrDefault();

    [Fact]
    public void Life_OfAConfiguration_IsTold()
    {
        Assert.Equal(Itself with { Revision = 1, Since = Stored!.Since }, Stored);
        Assert.NotEqual(0, Stored.Since);

        _bed.Configurations.Refuse(new ConfigFailure(DateTimeOffset.FromUnixTimeSeconds(500), Bad()));
        _bed.Until(() => Stored!.RefusedSince is not null, "a refusal is told");
        Assert.Equal((500, 4, 3, 1), (Stored!.RefusedSince, Stored.ProblemCount, Stored.Problems.Count, Stored.Revision));
        Assert.StartsWith("np.yaml:1:9: error: labels: a list of mappings", Stored.Problems[0], StringComparison.Ordinal);

        _bed.Configurations.Publish(new NodepoolConfig { ImagesDir = "/a" }, "abc");
        _bed.Until(() => Stored!.Revision == 2, "the correction is told");
        Assert.Equal((null, 0, "abc"), (Stored!.RefusedSince, Stored.ProblemCount, Stored.Digest));
    }

    [Fact]
    public void Correction_ThatChangesNothing_ClearsTheRefusal()
    {
        _bed.Configurations.Refuse(new ConfigFailure(DateTimeOffset.UnixEpoch, Bad()));
        _bed.Until(() => Stored!.RefusedSince is not null, "a refusal is told");

        _bed.Configurations.Publish(new NodepoolConfig());

        _bed.Until(() => Stored!.RefusedSince is null, "it is cleared");
        Assert.Equal(1, Stored!.Revision);
    }

    [Fact]
    public void Entry_RemovedByForce_ComesBack()
    {
        _bed.Do(() => _bed.Engine.CommitAsync([new Core.State.Write.Delete(_bed.Feed.Current.Processes.Keys.Single(), -1)], CancellationToken.None).AsTask());
        _bed.Until(() => Stored is null, "it is away");

        _bed.Configurations.Publish(new NodepoolConfig { ImagesDir = "/a" });

        _bed.Until(() => Stored?.Revision == 2, "it is told again");
    }

    [Fact]
    public void Stop_TakesTheEntryBack()
    {
        _bed.Do(() =>
        {
            _stop.Cancel();
            return Task.CompletedTask;
        });

        _bed.Until(() => Stored is null, "it is gone");
    }

    private static ConfigResult Bad() => ConfigSamples.Read("labels: 5\nproviders: 5\ndiskimages: 5\nwebapp: 5\n");
}
