using Nodepool.Core.Config;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Imaging;

/// <summary>Which image comes first when there are fewer workers than images.</summary>
public sealed class BuildOrderTests
{
    private const double Now = 1_000_000;

    private static readonly NodepoolConfig Config = new()
    {
        DiskImages = [.. ((string[])["a", "b", "c", "d", "e"]).Select(name => new DiskImageConfig { Name = name, Formats = ["raw"], RebuildAge = TimeSpan.FromDays(1) })],
    };

    private readonly ViewFixture _stored = new();

    [Fact]
    public void Plan_WithMoreThanOneThing_BeginsWithWhatSomebodyWaitsFor()
    {
        _stored.Build("a", "1", ImageState.Ready, Now - 100_000, "raw")
            .Build("b", "1", ImageState.Ready, Now - 200_000, "raw")
            .Build("c", "1", ImageState.Ready, Now - 10, "qcow2")
            .Build("e", "1", ImageState.Ready, Now - 10, "raw").Put(NodepoolPaths.BuildRequest("e"), default, createdMs: 5);

        Assert.Equal(["e", "d", "c", "b", "a"], BuildPlanner.Plan(_stored.View, Config, Now).Orders.Select(order => order.Image.Name));
    }

    [Fact]
    public void Plan_WithOldBuilds_TakesTheOldestFirst_WhateverTheOrderOfTheFile()
    {
        foreach (var (image, age) in ((string, int)[])[("a", 1), ("b", 5), ("c", 3), ("d", 4), ("e", 2)])
        {
            _stored.Build(image, "1", ImageState.Ready, Now - (86_400 * 2) - age, "raw");
        }

        Assert.Equal(["b", "d", "c", "e", "a"], BuildPlanner.Plan(_stored.View, Config, Now).Orders.Select(order => order.Image.Name));
    }

    [Fact]
    public void Plan_WhileABuildHasLostItsBuilder_WaitsUntilThatIsDecided()
    {
        _stored.Build("a", "1", ImageState.Building, Now);

        Assert.DoesNotContain("a", BuildPlanner.Plan(_stored.View, Config, Now).Orders.Select(order => order.Image.Name));
    }

    [Fact]
    public void Plan_FormatMissing_NamesTheBuildThatHasTheOthers_UnlessItIsTooOld()
    {
        _stored.Build("a", "1", ImageState.Ready, Now, "qcow2");
        Assert.Equal("1", BuildPlanner.Plan(_stored.View, Config, Now).Orders.Single(order => order.Image.Name == "a").Incomplete!.Id);

        Assert.Null(BuildPlanner.Plan(_stored.View, Config, Now + 86_400).Orders.Single(order => order.Image.Name == "a").Incomplete);
    }
}
