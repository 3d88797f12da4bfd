using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Legacy;
using Nodepool.Providers.OpenStack;

namespace Nodepool.Tests.Config.V2;

/// <summary>What a file of the form before Nodepool 3 means, and what is said about what it does not mean any more.</summary>
public sealed class V2TranslatorTests
{
    [Fact]
    public void Read_UsualFile_MeansTheSameAsItsHandWrittenTwin()
    {
        var old = V2Samples.Read(V2Samples.Usual);
        var present = V2Samples.Read(V2Samples.UsualInPresentForm);

        Assert.NotNull(old.Config);
        Assert.NotNull(present.Config);
        Assert.Null(present.Config.Legacy);
        Assert.Equal(present.Config, old.Config with { Legacy = null });
    }

    [Fact]
    public void Read_UsualFile_WarnsOnceForEachKeyThatIsLeftOut() => Assert.Equal(
        [
            "3:1: warning: script-dir: 'script-dir' has no meaning any more: snapshots are made no longer",
            "4:1: warning: dburi: 'dburi' has no meaning any more: nodes are kept in the store, not in an SQL database",
            "6:3: warning: cron.cleanup: 'cleanup' has no meaning any more: what is to be cleaned up is seen at once",
            "7:3: warning: cron.check: 'check' has no meaning any more: ready nodes are looked at without a schedule",
            "10:1: warning: gearman-servers: 'gearman-servers' has no meaning any more: demand comes as node requests",
            "17:5: warning: labels[0].ready-script: 'ready-script' has no meaning any more: what it did belongs into the image, or into a job that runs first",
            "24:5: warning: labels[1].subnodes: 'subnodes' has no meaning any more: whoever needs several nodes asks for several in one request",
            "31:5: warning: providers[0].api-timeout: 'api-timeout' stands in clouds.yaml, as api_timeout: move it there",
            "40:9: warning: providers[0].networks[1].public: 'public' has no meaning any more: the cloud knows which of its networks are public",
            "47:9: warning: providers[0].images[0].private-key: 'private-key' has no meaning any more: nodes are not logged in to before they are handed over; whoever uses them has the key",
            "56:5: warning: providers[1].auth-url: an account stands in clouds.yaml: add a cloud there with the provider's name and this account",
            "58:18: warning: providers[1].max-servers: the pool 'two/main' is drained, as any number below zero says: nodes in use stay, and nothing is launched",
            "63:1: warning: targets: 'targets' has no meaning any more: nodes are given to who asks for them",
        ],
        V2Samples.Problems(V2Samples.Usual).Where(problem => !problem.Contains("is not in this version yet", StringComparison.Ordinal)));

    [Fact]
    public void Read_UsualFile_KeepsWhatOnlyItCanSay()
    {
        var legacy = V2Samples.Read(V2Samples.Usual).Config!.Legacy!;

        Assert.Equal([new LegacyGearmanServer("zuul.example.org", 4730)], legacy.GearmanServers);
        Assert.Equal([new LegacyLabel("trusty", 0, "mirror.sh"), new LegacyLabel("trusty-2-node", 1, null)], legacy.Labels);
        Assert.Equal(
            [
                new LegacyLogin { Provider = "one", Image = "trusty", Username = "ubuntu", PrivateKey = "/home/nodepool/.ssh/id_rsa" },
                new LegacyLogin { Provider = "two", Image = "trusty", Username = "ubuntu" },
            ],
            legacy.Logins);
        Assert.Equal("/etc/nodepool/scripts", legacy.ScriptDir);
        var jenkins = Assert.Single(legacy.Targets).Jenkins!;
        Assert.Equal(("https://jenkins1.example.org/", "nodepool", "hunter2"), (jenkins.Url, jenkins.User, jenkins.ApiKey!.Reveal()));
        var account = Assert.Single(legacy.Clouds, cloud => cloud.Provider == "two");
        Assert.Equal(("admin", "demo", new Secret("hunter2")), (account.Username, account.ProjectName, account.Password));
    }

    [Fact]
    public void Read_UsualFile_ShowsNoSecretAnywhere()
    {
        var result = V2Samples.Read(V2Samples.Usual);

        Assert.DoesNotContain("hunter2", result.Config!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(result.Problems, problem => problem.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SnapshotImage_BecomesACloudImageWithTheUsualUser()
    {
        var config = V2Samples.Read(
            """
            labels: [{name: a, image: a, providers: [{name: p}]}, {name: b, image: b, providers: [{name: p}]}]
            diskimages: [{name: a}]
            providers:
              - name: p
                cloud: c
                keypair: jenkins
                max-servers: 1
                images:
                  - {name: a, base-image: Ubuntu, min-ram: 1, setup: prepare.sh, meta: {x: y}}
                  - {name: b, base-image: 72ac4b06-74bb-40ee-97f9-835a797354a9, min-ram: 2, username: root, key-name: own}
            """).Config!;

        var provider = Assert.Single(config.UnservedProviders);
        Assert.Empty(provider.DiskImages);
        Assert.Equal(
            [("jenkins", new OpenStackCloudImageOptions(null, "Ubuntu", true)), ("root", new("72ac4b06-74bb-40ee-97f9-835a797354a9", null, true))],
            provider.CloudImages.Select(image => (image.Login.Username!, (OpenStackCloudImageOptions)image.Options!)));
        var labels = provider.Pools.Single().Labels;
        Assert.Equal(["a", "b"], labels.Select(label => label.CloudImage));
        Assert.Equal([(1, "jenkins"), (2, "own")], labels.Select(label => (OpenStackLabelOptions)label.Options!).Select(label => (label.Flavor.MinRam!.Value, label.KeyName!)));
    }

    [Fact]
    public void Read_ImageOfAnotherName_BootsTheDiskImageThatItNames()
    {
        var result = V2Samples.Read(
            """
            labels: [{name: a, image: check, providers: [{name: p}]}]
            diskimages: [{name: trusty, username: own}, {name: idle}]
            providers:
              - name: p
                cloud: c
                max-servers: 1
                images: [{name: trusty, min-ram: 1}, {name: check, diskimage: trusty, min-ram: 2}]
            """);

        var provider = Assert.Single(result.Config!.UnservedProviders);
        Assert.Equal("trusty", provider.Pools.Single().Labels.Single().DiskImage);
        Assert.Equal(["trusty"], provider.DiskImages.Select(image => image.Name));
        Assert.Equal(["own", "jenkins"], result.Config!.DiskImages.Select(image => image.Username));
    }

    [Fact]
    public void Read_FileOfALauncherAlone_TakesItsImagesForGranted()
    {
        var config = V2Samples.Read(
            "labels: [{name: a, image: i, providers: [{name: p}]}]\nproviders: [{name: p, cloud: c, max-servers: 1, images: [{name: i, min-ram: 1}]}]").Config!;

        Assert.Equal(["i"], config.DiskImages.Select(image => image.Name));
        Assert.Equal(new Quota(new([new(Quota.Instances, 1)])), config.UnservedProviders.Single().Pools.Single().Limits);
    }

    [Theory]
    [InlineData("{name: a, image: i, providers: [{name: q}]}", "1:49: error: labels[0].providers[0].name: no provider 'q' under 'providers' (providers here: p)")]
    [InlineData("{name: a, image: j, providers: [{name: p}]}", "1:49: warning: labels[0].providers[0].name: the provider 'p' has no image 'j' under its 'images', so it does not serve this label")]
    [InlineData("{name: a, providers: [{name: p}]}", "1:10: error: labels[0].image: 'image' is missing")]
    [InlineData("{name: a, image: i, min-redy: 1, providers: [{name: p}]}", "1:30: warning: labels[0].min-redy: unknown key 'min-redy' (did you mean 'min-ready'?); it is ignored, as the daemons of that time did")]
    [InlineData("{name: a, image: i, min-ready: two, providers: [{name: p}]}", "1:41: error: labels[0].min-ready: a whole number expected, found 'two'")]
    [InlineData("{name: a, image: i, subnodes: two, providers: [{name: p}]}", "1:40: warning: labels[0].subnodes: a whole number of at least 0 expected, found 'two'")]
    public void Read_DoubtfulLabel_IsReportedWhereItStands(string label, string expected)
    {
        var text = $"labels: [{label}]\nproviders: [{{name: p, cloud: c, max-servers: 1, images: [{{name: i, min-ram: 1}}]}}]\ndiskimages: [{{name: i}}]";

        Assert.Contains(expected, V2Samples.Problems(text));
    }

    [Theory]
    [InlineData("cloud: c, images: [{name: i, min-ram: 1}]", "2:13: error: providers[0]: 'max-servers' is missing")]
    [InlineData("cloud: c, max-servers: many, images: []", "2:46: error: providers[0].max-servers: a whole number expected, found 'many'")]
    [InlineData("cloud: c, max-servers: 1, images: [{name: j, min-ram: 1}]", "2:65: error: providers[0].images[0].name: no diskimage 'j' under 'diskimages' at top level (diskimages here: i); add it there")]
    [InlineData("cloud: c, max-servers: 1, images: [{name: i, min-ram: lots}]", "2:77: error: providers[0].images[0].min-ram: a whole number of at least 0 expected, found 'lots'")]
    [InlineData("cloud: c, max-servers: 1, images: [{name: i, base-image: b, username: [], min-ram: 1}]", "2:83: error: providers[0].images[0].username: a single value expected, this is a list")]
    [InlineData("cloud: c, max-servers: 1, images: {}", "2:49: error: providers[0].images: a list of mappings ('- key: value' lines) expected, this is a mapping")]
    [InlineData("max-servers: 1, images: []", "2:13: warning: providers[0]: an account stands in clouds.yaml: add a cloud there with the provider's name and this account")]
    [InlineData("cloud: c, max-servers: 1, images: [], install: x.sh", "2:61: warning: providers[0].install: unknown key 'install'; it is ignored, as the daemons of that time did")]
    [InlineData("cloud: c, max-servers: 1, images: [], networks: [{net: x}]", "2:72: error: providers[0].networks[0]: a network needs 'name' or 'net-id'")]
    [InlineData("cloud: c, max-servers: 1, images: [], template-hostname: '{image.size}'", "2:61: warning: providers[0].template-hostname: there is no 'image.size' for the name of an image any more; images are named template-{image_name}-{timestamp}")]
    public void Read_DoubtfulProvider_IsReportedWhereItStands(string provider, string expected)
    {
        var text = $"labels: [{{name: a, image: i, providers: [{{name: p}}]}}]\nproviders: [{{name: p, {provider}}}]\ndiskimages: [{{name: i}}]";

        Assert.Contains(expected, V2Samples.Problems(text));
    }

    [Fact]
    public void Read_ManyLabelsTimesManyProviders_IsRefusedBeforeItCostsMuch()
    {
        var providers = string.Concat(Enumerable.Range(0, 1000).Select(i => $"  - {{name: p{i}, cloud: c, max-servers: 1, images: *images}}\n"));
        var labels = string.Concat(Enumerable.Range(0, 300).Select(i => $"  - {{name: l{i}, image: i, providers: *all}}\n"));
        var all = string.Join(", ", Enumerable.Range(0, 1000).Select(i => $"{{name: p{i}}}"));
        var text = $"cron: {{x: &images [{{name: i, min-ram: 1}}], y: &all [{all}]}}\nlabels:\n{labels}providers:\n{providers}diskimages: [{{name: i}}]\n";

        Assert.Contains(V2Samples.Problems(text), problem => problem.Contains("values", StringComparison.Ordinal) && problem.Contains("error", StringComparison.Ordinal));
    }
}
