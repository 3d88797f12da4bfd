using Nodepool.Integration.ImageTools;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Instances;

namespace Nodepool.Integration.Providers.Local;

/// <summary>Containers as the driver makes them: from the built image, with the driver's keys, addresses and removal.</summary>
public sealed class ContainerNodeTests(DebianImage built, ImportedImage imported)
{
    [Fact]
    public async Task Node_Launched_LetsBothUsersInAndIsRemovedWithoutATrace()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Container, built, imported);
        await using var provider = world.Open();
        var order = world.NewOrder("18");

        var instance = await provider.LaunchAsync(order, world);
        var root = await world.SshAsync(instance, "root", "hostname");
        var user = await world.SshAsync(instance, "zuul", "sudo id -un");
        await provider.DeleteAsync(order, world);

        Assert.Equal((0, "np18"), (root.ExitCode, root.Output.Trim()));
        Assert.Equal((0, "root"), (user.ExitCode, user.Output.Trim()));
        Assert.StartsWith("127.77.", instance.InterfaceIp, StringComparison.Ordinal);
        Assert.Empty(LocalRun.ProcessesOf(world));
        Assert.Empty(Directory.EnumerateFileSystemEntries(world.Paths.Instances));
        Assert.True(Endpoints.CanListen(instance.InterfaceIp, instance.ConnectionPort!.Value));
    }
}
