using System.Globalization;
using Nodepool.Core.Providers;
using Nodepool.Integration.ImageTools;
using Nodepool.Providers.Local;

namespace Nodepool.Integration.Providers.Local;

/// <summary>How long a virtual machine's life takes here, step by step: <c>-class '*VmFigures' -explicit only -showLiveOutput</c>.</summary>
public sealed class VmFigures(DebianImage built, ImportedImage imported, ITestOutputHelper output)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Figures_OfOneNode()
    {
        await using var world = await LocalWorld.CreateAsync(LocalKind.Vm, built, imported);
        await using var provider = world.Open();
        var (time, began) = (world.Sources.Time, world.Sources.Time.GetTimestamp());
        await ((IImageProvider)provider).UploadImageAsync(world.NewUpload("measured"), new Progress<double>(), Ct);
        Tell("image imported");
        await ((IImageProvider)provider).DeleteImageAsync("measured", Ct);
        Tell("image deleted");

        for (var round = 0; round < 3; round++)
        {
            var order = world.NewOrder("1");
            began = time.GetTimestamp();
            await provider.AdvanceLaunchAsync(order, LaunchProgress.Begin, Ct);
            Tell("process stands");
            var instance = await provider.LaunchAsync(order, world);
            Tell("network up: the driver's part is over");
            var banner = await BannerAsync(instance);
            Tell("banner " + banner);
            Assert.Equal(0, (await world.SshAsync(instance, "root", "true")).ExitCode);
            Tell("logged in");
            began = time.GetTimestamp();
            await provider.DeleteAsync(order, world);
            Tell("deleted");
        }

        void Tell(string what) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(began).TotalSeconds,8:0.00} s  {what}"));
    }

    private static async Task<string> BannerAsync(Instance instance)
    {
        while (true)
        {
            try
            {
                using var client = new System.Net.Sockets.TcpClient();
                await client.ConnectAsync(instance.InterfaceIp, instance.ConnectionPort!.Value, Ct);
                using var reader = new StreamReader(client.GetStream());
                if (await reader.ReadLineAsync(Ct) is { Length: > 0 } line)
                    return line;
            }
            catch (IOException)
            {
                // Accepted by QEMU before the guest listens, then dropped.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
    }
}
