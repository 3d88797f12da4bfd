using Nodepool.Core.Canaries;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Imaging;
using Nodepool.Core.Model;
using Nodepool.Core.View;
using Nodepool.Testing.View;

namespace Nodepool.Tests.Canaries;

/// <summary>Labels that let uploads prove themselves beside what the diskimage says; several of them boot from one image.</summary>
public sealed class LabelCanaryTests
{
    private const double Now = 1000;

    private static readonly CanaryConfig Usual = new() { Share = 0.25, Launches = 3 };
    private static readonly CanaryConfig Bold = new() { Share = 1, Launches = 2 };

    private static readonly string[] Providers = ["p", "q"];

    private readonly ViewFixture _stored = new();

    [Fact]
    public void All_HasOneTrialForTheDiskimage_AndOneForEachLabelWithItsOwn()
    {
        Assert.Equal(
            [(null, Usual), ("bold", Bold)],
            LaunchCanary.All(Config(Usual), "i").Where(canary => canary.Scope.Provider == "p").Select(canary => (canary.Scope.Label, canary.Config!)));
        Assert.Equal(["bold"], LaunchCanary.All(Config(null), "i").Where(canary => canary.Scope.Provider == "p").Select(canary => canary.Scope.Label!));
        Assert.DoesNotContain(LaunchCanary.All(Config(null), "i"), canary => canary.Scope.Provider == "q");
    }

    [Theory]
    [InlineData("bold", "bold", 1.0)]
    [InlineData("plain", null, 0.25)]
    [InlineData("unknown", null, 0.25)]
    public void Launches_GoByTheLabelsOwnSection_ElseByThatOfTheImage(string label, string? scope, double share) => Assert.Equal(
        (new CanaryScope("p", scope), share), (LaunchCanary.Of(Config(Usual), "i", "p", label).Scope, LaunchCanary.Of(Config(Usual), "i", "p", label).Config!.Share));

    [Fact]
    public void NewUpload_IsOnTrialForEachOfThem_AndServesTheShareOfEach()
    {
        Put("b1", 10);
        Apply(Config(Usual));
        Put("b2", 20);
        Apply(Config(Usual));

        Assert.Equal([null, "bold"], Image.Canaries.Values.Where(canary => canary.Record!.IsOpen).Select(canary => canary.Scope.Label).Order());
        Assert.Equal(["b2", "b1"], new[] { Choose("bold", 0.9), Choose("plain", 0.9) });
    }

    [Fact]
    public void WithoutASectionOfTheImage_TheOtherLabelsUseTheNewestAtOnce()
    {
        Put("b1", 10);
        Apply(Config(null, Usual));
        Put("b2", 20);
        Apply(Config(null, Usual));

        Assert.Equal(["b1", "b2"], new[] { Choose("bold", 0.9, Config(null, Usual)), Choose("plain", 0.9, Config(null, Usual)) });
    }

    [Fact]
    public void Promotion_IsForThatLabelAlone()
    {
        PutTrials(Usual, bold: new CanaryTally { Ready = 2, Seconds = 20 });

        var step = Assert.Single(CanaryPlanner.Plan(_stored.View, Config(Usual), Now).Steps);

        Assert.Equal(("bold", CanaryVerdict.Promoted, Upload("b2")), (step.Scope.Label, step.Next!.Verdict, step.Next.Trusted));
        Apply(Config(Usual));
        Assert.Equal(["b2", "b1"], new[] { Choose("bold", 0.9), Choose("plain", 0.9) });
    }

    [Fact]
    public void Withdrawal_IsForAll()
    {
        PutTrials(Usual, bold: new CanaryTally { Failed = 2 });

        var step = Assert.Single(CanaryPlanner.Plan(_stored.View, Config(Usual), Now).Steps);
        Assert.Equal(("bold", CanaryVerdict.Withdrawn, "b2"), (step.Scope.Label, step.Next!.Verdict, step.Withdrawn!.Candidate.Build));

        _stored.Put(NodepoolPaths.Canary("i", step.Scope), step.Next.Write());
        _stored.Upload("i", "b2", "p", "0", ImageState.Deleting, Now);
        Assert.Equal(["b1", "b1"], new[] { Choose("bold", 0.1), Choose("plain", 0.1) });
        Assert.Empty(CanaryPlanner.Plan(_stored.View, Config(Usual), Now).Steps);
    }

    [Fact]
    public void WhatALabelStillComparesWith_IsKept()
    {
        PutTrials(null, bold: new CanaryTally());
        Put("b3", 30);
        Put("b4", 40);

        Assert.DoesNotContain(RetentionPlanner.Plan(_stored.View, Config(null)).Uploads, removal => removal.Item.Build == "b1");
        Assert.Contains(RetentionPlanner.Plan(_stored.View, Config(null, null)).Uploads, removal => removal.Item.Build == "b1");
    }

    [Fact]
    public void EntryOfALabelWithoutTheKey_Goes()
    {
        PutTrials(Usual, bold: new CanaryTally());

        var step = Assert.Single(CanaryPlanner.Plan(_stored.View, Config(Usual, null), Now).Steps);

        Assert.Equal(("bold", null), (step.Scope.Label, step.Next));
    }

    [Fact]
    public void AnyName_HasAPathOfItsOwn()
    {
        foreach (var label in new[] { "a/b", ".", "..", "%2F", "ä b", "=" })
        {
            _stored.Put(NodepoolPaths.Canary("i", new CanaryScope("p", label)), new CanaryRecord { Trusted = label }.Write());
        }

        Assert.Equal(6, Image.Canaries.Count);
        Assert.All(Image.Canaries.Values, canary => Assert.Equal(canary.Scope.Label, canary.Record!.Trusted));
    }

    private static string Upload(string build) => NodepoolPaths.Upload("i", build, "p", "0");

    private static NodepoolConfig Config(CanaryConfig? image) => Config(image, Bold);

    /// <summary>Labels <c>bold</c> and <c>plain</c> of image <c>i</c> at <c>p</c>; at <c>q</c> nothing boots from it.</summary>
    private static NodepoolConfig Config(CanaryConfig? image, CanaryConfig? bold) => new()
    {
        Labels = [new LabelConfig { Name = "bold", Canary = bold }, new LabelConfig { Name = "plain" }],
        DiskImages = [new DiskImageConfig { Name = "i", Canary = image }],
        Providers = Providers.Select(name => new ProviderConfig
        {
            Name = name,
            Driver = "fake",
            DiskImages = [new ProviderDiskImageConfig { Name = "i" }],
            Pools =
            [
                new PoolConfig
                {
                    Name = "main",
                    Labels = name == "q" ? [] : [new PoolLabelConfig { Name = "bold", DiskImage = "i" }, new PoolLabelConfig { Name = "plain", DiskImage = "i" }],
                },
            ],
        }).ToValueList(),
    };

    private ImageView Image => _stored.View.Image("i");

    private string Choose(string label, double chance, NodepoolConfig? config = null) => ImageChoice.Of(Image, LaunchCanary.Of(config ?? Config(Usual), "i", "p", label), isRetry: false, chance)!.Build;

    private void Put(string build, double time) => _stored.Build("i", build, ImageState.Ready, time).Upload("i", build, "p", "0", ImageState.Ready, time + 1);

    private void Apply(NodepoolConfig config)
    {
        foreach (var step in CanaryPlanner.Plan(_stored.View, config, Now).Steps)
        {
            _stored.Put(NodepoolPaths.Canary("i", step.Scope), step.Next!.Write());
        }
    }

    /// <summary>Trials of <c>b2</c> beside <c>b1</c>, begun just now: of the label and, if it has a section, of the image.</summary>
    private void PutTrials(CanaryConfig? image, CanaryTally bold)
    {
        Put("b1", 10);
        Put("b2", 20);
        var begun = new CanaryRecord { Trusted = Upload("b1"), TrustedBuilt = 10, Candidate = Upload("b2"), Since = Now };
        _stored.Put(NodepoolPaths.Canary("i", new CanaryScope("p", "bold")), (begun with { New = bold }).Write());
        if (image is not null)
        {
            _stored.Put(NodepoolPaths.Canary("i", new CanaryScope("p")), begun.Write());
        }
    }
}
