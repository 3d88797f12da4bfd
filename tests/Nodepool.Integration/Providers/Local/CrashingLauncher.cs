using Nodepool.Core.Providers;
using Nodepool.Providers.Local;

namespace Nodepool.Integration.Providers.Local;

/// <summary>
/// The process that <see cref="VmCrashTests"/> kills: launches and deletes nodes, one after the other, and writes down what it is about to do,
/// as the launcher does in its node records.
/// </summary>
public sealed class CrashingLauncher
{
    /// <summary>Directory of the provider and first word of the tokens; set by the test that starts this one.</summary>
    public const string RootVariable = "NODEPOOL_TEST_CRASH_ROOT";

    /// <summary>What it does now: a token, and "delete" once its removal has begun.</summary>
    public const string DiaryFile = "diary";

    [Fact(Explicit = true)]
    public async Task Launch_UntilKilled()
    {
        var root = Environment.GetEnvironmentVariable(RootVariable);
        Assert.SkipWhen(root is null, "only VmCrashTests starts this");
        var world = LocalWorld.Existing(LocalKind.Vm, root!);
        await using var provider = world.Open();
        for (var i = 0; ; i++)
        {
            var order = world.NewOrder("1") with { Token = $"{Environment.ProcessId}-{i}" };
            Write(order.Token);
            var progress = await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, TestContext.Current.CancellationToken);
            await provider.AdvanceLaunchAsync(order, progress, TestContext.Current.CancellationToken);
            Write(order.Token + " delete");
            await provider.DeleteAsync(order, world);
        }

        void Write(string line)
        {
            var path = Path.Combine(root!, DiaryFile);
            File.WriteAllText(path + ".new", line);
            File.Move(path + ".new", path, overwrite: true);
        }
    }
}
