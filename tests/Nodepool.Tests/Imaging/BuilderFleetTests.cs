using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;

namespace Nodepool.Tests.Imaging;

/// <summary>Two builders on one store under fifty images.</summary>
public sealed class BuilderFleetTests
{
    private const int Images = 50;
    private const int Kills = 100;
    private const int Rounds = 2;

    private static readonly NodepoolConfig Config = new()
    {
        ImagesDir = "/images",
        DiskImages = [.. Enumerable.Range(1, Images).Select(n => new DiskImageConfig { Name = $"image{n:00}", Formats = ["qcow2"], RebuildAge = TimeSpan.FromDays(30) })],
    };

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 7)]
    public void EveryImage_IsBuiltOncePerRequest_AndNoWorkerIsIdleWhileOneWaits(int seed, int workers)
    {
        var fleet = new BuilderFleet(2, workers, Config, seed);
        foreach (var member in fleet.Members)
        {
            member.Start();
        }

        fleet.Until(() => Ready(fleet, 1), "every image is built", watchesWorkers: true);
        for (var round = 1; round <= Rounds; round++)
        {
            RequestAll(fleet);
            fleet.Until(() => fleet.View.Images.Values.All(image => image.BuildRequestedMs is not null), "all are asked for");
            fleet.Until(() => Ready(fleet, 2), "every request is answered", watchesWorkers: true);
        }

        fleet.Until(() => fleet.View.Images.Values.All(image => image.Builds.Count == 2), "retention is done");
        fleet.Until(() => fleet.Members.Sum(member => member.Disk.List().Count) == 2 * Images, "no other files");

        Assert.Equal((1 + Rounds) * Images, fleet.Completed);
        Assert.True(fleet.LongestIdle < TimeSpan.FromSeconds(1), $"a worker was idle for {fleet.LongestIdle}");
        OnlyReadyBuildsAreThere(fleet, 2);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void OneBuilder_KilledAHundredTimes_LosesNothingAndLeavesNothing(int seed)
    {
        var fleet = new BuilderFleet(2, 2, Config, seed);
        foreach (var member in fleet.Members)
        {
            member.Start();
        }

        var kills = 0;
        void KillOne()
        {
            kills += fleet.Members[fleet.Random.Next(2)].Kill(TimeSpan.FromSeconds(fleet.Random.NextDouble() * 10)) ? 1 : 0;
            if (kills < Kills)
            {
                fleet.After(TimeSpan.FromSeconds(fleet.Random.NextDouble() * 12), KillOne);
            }
        }

        fleet.After(TimeSpan.FromSeconds(5), KillOne);
        fleet.Until(() => Ready(fleet, 1), "every image is built");
        RequestAll(fleet);
        fleet.Until(() => kills == Kills, "so many kills");
        fleet.Until(() => Ready(fleet, 2), "every request is answered");
        fleet.Until(() => fleet.View.Images.Values.All(image => image.Builds.Count == 2), "retention is done");
        fleet.Until(() => fleet.Members.Sum(member => member.Disk.List().Count) == 2 * Images, "no files but those of ready builds");

        OnlyReadyBuildsAreThere(fleet, 2);
    }

    private static void RequestAll(BuilderFleet fleet) => fleet.Begin(async () =>
    {
        var requests = new BuildRequests(fleet.Engine);
        foreach (var image in Config.DiskImages)
        {
            Assert.True((await requests.SubmitAsync(image.Name, CancellationToken.None)).IsNew);
        }
    });

    private static bool Ready(BuilderFleet fleet, int builds) =>
        fleet.View.Images.Count == Images && fleet.View.Images.Values.All(image => image.BuildRequestedMs is null && image.ReadyBuilds.Count() >= builds);

    private static void OnlyReadyBuildsAreThere(BuilderFleet fleet, int builds) => Assert.All(fleet.View.Images.Values, image =>
    {
        Assert.Equal(builds, image.ReadyBuilds.Count());
        Assert.Equal(builds, image.Builds.Count);
        Assert.Empty(image.Contenders);
        Assert.Null(image.BuildRequestedMs);
        Assert.Equal(ImageState.Ready, image.Builds.Values.First().Record!.State);
    });
}
