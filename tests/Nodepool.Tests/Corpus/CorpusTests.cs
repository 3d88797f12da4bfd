using System.Text.RegularExpressions;
using Nodepool.Core;

namespace Nodepool.Tests.Corpus;

/// <summary>Every file loads, holds what was counted in it, and nothing is said about it that is not explained here.</summary>
public sealed class CorpusTests
{
    /// <summary>Every kind of warning that the files deserve. One that no file deserves any more is to be taken out.</summary>
    private static readonly (string Pattern, string Explanation)[] Explained =
    [
        (@"^providers\[\d+\]\.driver: the driver 'openstack' \(the default\) is not in this version yet", "there is no such driver yet"),
        (@"max-servers: the pools? '.*' may have no servers", "clouds that were out of use"),
        (@"max-servers: the pools? '.*' (is|are) drained", "clouds that were about to be out of use"),
        (@"^labels\[\d+\]\.name: no pool of this file serves the label", "several launchers share the labels, or the label was about to be removed"),
        (@"^diskimages\[\d+\]\.name: the diskimages? '.*' ha(s|ve) no format and no provider that needs one", "not uploaded anywhere at that time"),
        (@"^providers\[\d+\]\.pools\[\d+\]\.labels: 'labels' was given before", "a slip in the file that nobody noticed: half of the labels were lost"),
        (@"labels\[\d+\]\.diskimage: the provider '.*' does not take '.*', so this label gets no nodes here", "the image was forgotten in two clouds"),
        (@"^providers\[\d+\]\.api-timeout: has no effect", "left over after Nodepool 3"),
        (@"^(?<key>script-dir|gearman-servers|targets): '\k<key>' has no meaning any more: ", "Jenkins, gearman and snapshots are gone"),
        (@"^cron\.(?<key>check|cleanup|image-update): '\k<key>' has no meaning any more: ", "nothing is done by the clock"),
        (@"\.(?<key>ready-script|subnodes|private-key|setup|pool|public|ipv6-preferred): '\k<key>' has no meaning any more: ", "see docs/migration.md"),
        (@"^providers\[\d+\]\.api-timeout: 'api-timeout' stands in clouds\.yaml", "see docs/migration.md"),
        (@"\.base-image: snapshots are made no longer", "see docs/migration.md"),
    ];

    public static TheoryData<string> Files => CorpusFiles.Names;

    public static TheoryData<string> V2Files => CorpusFiles.V2Names;

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_ProductionFile_HasNoErrorAndNoUnexplainedWarning(string file)
    {
        var result = CorpusFiles.Read(file);

        Assert.NotNull(result.Config);
        Assert.All(result.Problems, problem => Assert.False(problem.IsError, problem.ToString()));
        Assert.All(
            result.Problems.Select(problem => $"{problem.KeyPath}: {problem.Message}"),
            text => Assert.True(Explained.Count(kind => Regex.IsMatch(text, kind.Pattern)) == 1, text));
    }

    [Fact]
    public void Explanations_AllFiles_AreAllNeeded()
    {
        var all = CorpusFiles.Names.SelectMany(file => CorpusFiles.Read(file.Data).Problems).Select(problem => $"{problem.KeyPath}: {problem.Message}").ToList();

        Assert.All(Explained, kind => Assert.Contains(all, text => Regex.IsMatch(text, kind.Pattern)));
    }

    /// <summary>Not read by the other tests' means: looks for the keys in the text.</summary>
    [Theory]
    [MemberData(nameof(V2Files))]
    public void Read_V2File_WarnsOfExactlyTheOldKeysThatItHas(string file)
    {
        string[] old =
        [
            "script-dir", "gearman-servers", "targets", "check", "cleanup", "image-update", "ready-script", "subnodes", "private-key", "setup", "pool",
            "public", "ipv6-preferred", "api-timeout", "base-image",
        ];
        var text = CorpusFiles.Text(file);

        var warned = CorpusFiles.Read(file).Problems.Select(problem => problem.KeyPath.Split('.')[^1]).Where(old.Contains).Order(StringComparer.Ordinal);

        Assert.Equal(old.Where(key => Regex.IsMatch(text, $@"^[ -]*{key}:", RegexOptions.Multiline)).Order(StringComparer.Ordinal), warned);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_ProductionFile_HoldsWhatWasCountedInIt(string file)
    {
        var config = CorpusFiles.Read(file).Config!;
        var facts = CorpusFiles.Facts[file];
        var pools = config.UnservedProviders.SelectMany(provider => provider.Pools).ToList();

        Assert.Empty(config.Providers);
        Assert.Equal(facts["form"] == "v2", config.Legacy is not null);
        Assert.Equal(facts["labels"], Show(config.Labels.Count));
        Assert.Equal(facts["min-ready"], Show(config.Labels.Sum(label => label.MinReady)));
        Assert.Equal(facts["providers"], Show(config.UnservedProviders.Count));
        Assert.Equal(facts["max-servers"], Show(pools.Sum(pool => pool.Limits.Amounts[Quota.Instances])));
        Assert.Equal(facts["pool-labels"], Show(pools.Sum(pool => pool.Labels.Count)));
        Assert.Equal(facts["uploads"], Show(config.UnservedProviders.Sum(provider => provider.DiskImages.Count)));
        Assert.Equal(facts["cloud-images"], Show(config.UnservedProviders.Sum(provider => provider.CloudImages.Count)));
        Assert.Equal(facts["diskimages"], Show(config.DiskImages.Count));
        Assert.Equal(facts["elements"], Show(config.DiskImages.Sum(image => image.Elements.Count)));
    }

    [Fact]
    public void Read_V2File_KeepsItsUser() =>
        Assert.All(CorpusFiles.V2Names, file => Assert.All(CorpusFiles.Read(file.Data).Config!.DiskImages, image => Assert.Equal("jenkins", image.Username)));

    private static string Show(long count) => count.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
