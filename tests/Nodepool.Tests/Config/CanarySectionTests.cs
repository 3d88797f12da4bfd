using Nodepool.Core.Config;

namespace Nodepool.Tests.Config;

/// <summary><c>image-canary</c> and <c>image-retention</c> of diskimages.</summary>
public sealed class CanarySectionTests
{
    [Fact]
    public void Read_Children_InheritReplaceAndSwitchOff()
    {
        var images = ConfigSamples.Read(
            """
            diskimages:
              - {name: plain, formats: [raw]}
              - {name: usual, formats: [raw], image-canary: {}}
              - {name: heir, parent: usual}
              - {name: own, parent: usual, image-retention: 4, image-canary: {share: 50, launches: 5, max-age: 600, max-slowdown: 1.5}}
              - {name: 'off', parent: usual, image-retention: 1, image-canary: {share: 0}}
            """).Config!.DiskImages;

        Assert.Equal(
            [null, new CanaryConfig(), new CanaryConfig(), new CanaryConfig { Share = 0.5, Launches = 5, MaxAge = TimeSpan.FromMinutes(10), MaxSlowdown = 1.5 }, null],
            images.Select(image => image.Canary));
        Assert.Equal([2, 2, 2, 4, 1], images.Select(image => image.Retention));
    }

    [Theory]
    [InlineData("image-canary: {}, image-retention: 1", "diskimages[0].image-canary: a canary needs an upload to go back to: give 'image-retention' 2 or more")]
    [InlineData("image-retention: 0", "diskimages[0].image-retention: a whole number of at least 1 expected, found '0'")]
    [InlineData("image-canary: {share: 101}", "diskimages[0].image-canary.share: a number from 0 to 100 expected, found '101'")]
    [InlineData("image-canary: {max-slowdown: 0.5}", "diskimages[0].image-canary.max-slowdown: a number of at least 1 expected, found '0.5'")]
    [InlineData("image-canary: {shares: 5}", "diskimages[0].image-canary.shares: unknown key 'shares' (did you mean 'share'?)")]
    public void Read_OneFault_SaysWhatIsWrong(string keys, string expected) =>
        Assert.EndsWith(expected, Assert.Single(ConfigSamples.Problems($"diskimages: [{{name: a, formats: [raw], {keys}}}]")), StringComparison.Ordinal);

    [Fact]
    public void Read_ChildThatKeepsTooFewForItsParentsCanary_IsTold() => Assert.Contains(
        "diskimages[1].image-retention: a canary needs",
        Assert.Single(ConfigSamples.Problems("diskimages: [{name: a, formats: [raw], image-canary: {}}, {name: b, parent: a, image-retention: 1}]")),
        StringComparison.Ordinal);

    [Fact]
    public void Read_OfALabel_TakesTheDefaults() => Assert.Equal(
        [new CanaryConfig { Share = 1 }, null],
        ConfigSamples.Read("labels: [{name: a, image-canary: {share: 100}}, {name: b}]").Config!.Labels.Select(label => label.Canary));

    [Theory]
    [InlineData("{share: 0}", "diskimage: i", 2, "labels[0].image-canary.share: a label cannot switch off the trial of an image: leave 'image-canary' out, or give 100 to use new uploads for it at once")]
    [InlineData("{}", "diskimage: i", 1, "labels[0].image-canary: a canary needs an upload to go back to: give the diskimage 'i' an 'image-retention' of 2 or more")]
    [InlineData("{}", "cloud-image: c", 2, "labels[0].image-canary: no pool boots this label from a diskimage, so there are no uploads that could prove themselves")]
    public void Read_OfALabel_OneFault_SaysWhatIsWrong(string canary, string image, int retention, string expected) => Assert.EndsWith(expected, Assert.Single(ConfigSamples.Problems(
        $$"""
        labels: [{name: a, image-canary: {{canary}}}]
        diskimages: [{name: i, formats: [raw], image-retention: {{retention}}}]
        providers:
          - {name: p, driver: fake, diskimages: [{name: i}], cloud-images: [{name: c}], pools: [{name: m, labels: [{name: a, {{image}}}]}]}
        """)), StringComparison.Ordinal);
}
