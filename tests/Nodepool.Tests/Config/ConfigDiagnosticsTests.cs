using Nodepool.Core.Config.Reading;
namespace Nodepool.Tests.Config;

/// <summary>Every complaint about a configuration that is good YAML: place, key path and words.</summary>
public sealed class ConfigDiagnosticsTests
{
    private const string Local = "{name: h, driver: local, diskimages: [{name: d}], pools: [{name: p, max-servers: 2, labels: [{name: l, diskimage: d}]}]}";

    [Theory]
    [InlineData("- a", "1:1: error: the file must be a mapping of keys such as 'labels:', this is a list")]
    [InlineData("lables: []", "1:1: error: lables: unknown key 'lables' (did you mean 'labels'?)")]
    [InlineData("labels: {name: a}", "1:1: error: labels: a list of mappings ('- key: value' lines) expected, this is a mapping")]
    [InlineData("labels: [a]", "1:10: error: labels[0]: a mapping expected, this is a single value")]
    [InlineData("labels:\n  -\n", "2:4: error: labels[0]: a mapping expected, this is nothing")]
    [InlineData("webapp: {port: 70000}", "1:16: error: webapp.port: a whole number from 0 to 65535 expected, found '70000'")]
    [InlineData("webapp: {listen_address: nohost}", "1:26: error: webapp.listen_address: an IP address such as 127.0.0.1 or 0.0.0.0 expected, found 'nohost'")]
    [InlineData("webapp: {listen_address: ::1, listen-address: ::1}", "")]
    [InlineData("build-log-retention: -2", "1:22: error: build-log-retention: a whole number of at least -1 expected, found '-2'")]
    [InlineData("max-hold-age: -1", "")]
    [InlineData("max-hold-age: .inf", "1:15: error: max-hold-age: a number of seconds of at most 3153600000 expected, found '.inf'")]
    [InlineData("max-hold-age: 2h", "1:15: error: max-hold-age: a number of seconds of at most 3153600000 expected, found '2h' (did you mean '7200'?)")]
    [InlineData("images-dir: \"a\\0b\"", "1:13: error: images-dir: a path cannot contain the character U+0000")]
    [InlineData("zookeeper-servers: [{host: zk}]", "")]
    [InlineData("zookeeper-tls: {key: hunter2, ca: a}", "1:16: error: zookeeper-tls.cert: 'cert' is missing")]
    [InlineData("zookeeper-tls: {key: [hunter2], ca: a, cert: c}", "1:17: error: zookeeper-tls.key: a single value expected, this is a list")]
    [InlineData("zookeeper-timeout: 10", "")]
    [InlineData("zookeeper-timeout: 0", "1:20: error: zookeeper-timeout: a number of seconds above 0 expected, found '0'")]
    [InlineData("tenant-resource-limits: []", "")]
    [InlineData("diskimages: [{name: a, formats: [raw], parent: b}]", "1:48: error: diskimages[0].parent: no diskimage 'b' (diskimages here: a)")]
    [InlineData("diskimages: [{name: a/b, formats: [raw]}]", "1:21: error: diskimages[0].name: the name of a diskimage cannot contain '/'")]
    [InlineData("diskimages: [{name: '..', formats: [raw]}]", "1:21: error: diskimages[0].name: the name of a diskimage cannot be ..")]
    [InlineData("diskimages: [{name: '', formats: [raw]}]", "1:21: error: diskimages[0].name: the name of a diskimage cannot be empty")]
    [InlineData("diskimages: [{name: a}]", "1:21: warning: diskimages[0].name: the diskimage 'a' has no format and no provider that needs one, so it is never built; give it 'formats'")]
    [InlineData("diskimages: [{name: a, abstract: true}]", "")]
    [InlineData("diskimages: [{name: a, formats: raw, image-tool: mmdebstarp}]", "1:50: error: diskimages[0].image-tool: no image tool 'mmdebstarp' (did you mean 'mmdebstrap'?)")]
    [InlineData("diskimages: [{name: a, formats: [raw], rebuild-age: 0}]", "1:53: warning: diskimages[0].rebuild-age: zero has no meaning; 86400 seconds are used")]
    [InlineData("diskimages: [{name: a, formats: [raw], build-timeout: -1}]", "1:55: error: diskimages[0].build-timeout: a number of seconds from 0 to 3153600000 expected, found '-1'")]
    [InlineData("diskimages: [{name: a, formats: [raw], dib-cmd: \"x 'y\"}]", "1:49: error: diskimages[0].dib-cmd: a command with closed quotes expected")]
    [InlineData("diskimages: [{name: a, formats: [raw], env-vars: [A]}]", "1:40: error: diskimages[0].env-vars: a mapping ('key: value' lines) expected, this is a list")]
    [InlineData("providers: [{driver: local}]", "1:13: error: providers[0].name: 'name' is missing")]
    [InlineData("providers: [{name: p, driver: lokal, x: y}]", "1:31: warning: providers[0].driver: there is no driver 'lokal' in this version (did you mean 'local'?); the provider 'p' is left out, so no provider is left")]
    [InlineData("providers: [{name: p, driver: aws}]", "1:31: warning: providers[0].driver: there is no driver 'aws' in this version (drivers here: fake, local); the provider 'p' is left out, so no provider is left")]
    [InlineData("providers: [{name: p, driver: fake, launch-retries: 0}]", "1:53: error: providers[0].launch-retries: a whole number of at least 1 expected, found '0'")]
    [InlineData("providers: [{name: p, driver: fake, pools: [{name: m, max-servers: 0}]}]", "1:68: warning: providers[0].pools[0].max-servers: the pool 'm' may have no servers, so it serves nothing")]
    [InlineData("providers: [{name: p, driver: fake, diskimages: [{name: d}]}]", "1:57: error: providers[0].diskimages[0].name: no diskimage 'd' under 'diskimages' at top level; add it there")]
    public void Read_OneFault_GivesOneLocatedProblem(string text, string expected)
    {
        Assert.Equal(expected.Length == 0 ? [] : [expected], ConfigSamples.Problems(text));
    }

    [Theory]
    [InlineData("{name: l}", "{name: d}")]
    [InlineData("{name: l2}", "{name: d}", "1:113: error: providers[0].pools[0].labels: no label 'l' under 'labels' at top level (labels here: l2); add it there", "no pool of this file serves the label 'l2'")]
    [InlineData("{name: l}, {name: m}", "{name: d}", "3:28: warning: labels[1].name: no pool of this file serves the label 'm'")]
    [InlineData("{name: l}, {name: m}, {name: n}, {name: o, min-ready: -1}", "{name: d}", "3:28: warning: labels[1].name: no pool of this file serves the labels 'm' and 'n'")]
    [InlineData("{name: l}, {name: m, min-ready: 2}, {name: n, min-ready: 1}", "{name: d}", "the labels 'm' and 'n', so nothing here can keep their 'min-ready'")]
    [InlineData("{name: l}, {name: m, min-ready: 2}", "{name: d}", "3:28: warning: labels[1].name: no pool of this file serves the label 'm', so nothing here can keep its 'min-ready'")]
    [InlineData("{name: l, min-ready: 3}", "{name: d}", "3:31: warning: labels[0].min-ready: 3 ready nodes are wanted, but the pools of this label allow 2 servers together")]
    [InlineData("{name: l}, {name: l}", "{name: d}", "3:28: warning: labels[1].name: 'l' was given before, on line 3; the later one, here, counts")]
    [InlineData("{name: l}", "{name: d}, {name: d}", "4:32: error: diskimages[1].name: the diskimage 'd' exists already, see line 4; rename or remove one")]
    [InlineData("{name: l}", "{name: d, abstract: yes}", "is abstract, so it is never built")]
    public void Read_LabelsAndImages_AreCheckedAgainstProviders(string labels, string images, params string[] expected)
    {
        var problems = ConfigSamples.Problems($"providers: [{Local}]\n\nlabels: [{labels}]\ndiskimages: [{images}]\n");

        Assert.Equal(expected.Length, problems.Length);
        Assert.All(expected, part => Assert.Contains(problems, problem => problem.Contains(part, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("e", "warning", "the provider 'h' does not take 'e', so this label gets no nodes here; add '- name: e' under its 'diskimages'")]
    [InlineData("d2", "error", "no diskimage 'd2' under 'diskimages' at top level (diskimages here: d, e)")]
    public void Read_LabelWithImageThatItsProviderDoesNotTake_SaysWhatToAdd(string image, string severity, string expected)
    {
        var provider = Local.Replace("diskimage: d}", $"diskimage: {image}}}", StringComparison.Ordinal);

        var problems = ConfigSamples.Problems($"labels: [{{name: l}}]\ndiskimages: [{{name: d}}, {{name: e, formats: [raw]}}]\nproviders: [{provider}]\n");

        Assert.Equal($"3:127: {severity}: providers[0].pools[0].labels[0].diskimage: {expected}", Assert.Single(problems));
    }

    [Fact]
    public void Read_LabelWithACloudImageThatItsProviderDoesNotHave_NamesTheNearest()
    {
        var problems = ConfigSamples.Problems(
            "labels: [{name: l}]\nproviders: [{name: h, driver: fake, cloud-images: [{name: debian}], pools: [{name: p, labels: [{name: l, cloud-image: debain}]}]}]\n");

        Assert.Equal(
            "2:119: error: providers[0].pools[0].labels[0].cloud-image: the provider 'h' has no 'debain' in its 'cloud-images' (did you mean 'debian'?); add it there",
            Assert.Single(problems));
    }

    [Fact]
    public void Read_ProvidersOfDriversThatAreMissing_AreOneWarningPerDriver()
    {
        var problems = ConfigSamples.Problems(
            """
            providers:
              - {name: a, driver: aws}
              - {name: b, cloud: x}
              - {name: c, driver: fake}
              - {name: d, driver: aws}
              - {name: e, driver: aws}
            """);

        Assert.Equal(
            [
                "2:23: warning: providers[0].driver: there is no driver 'aws' in this version (drivers here: fake, local); the providers 'a', 'd' and 'e' are left out, the others serve on",
                "3:5: warning: providers[1].driver: there is no driver 'openstack' (the default) in this version (drivers here: fake, local); the provider 'b' is left out, the others serve on",
            ],
            problems);
    }

    [Fact]
    public void Read_SameNamesOfProvidersAndPools_AreErrorsWithBothLines()
    {
        var problems = ConfigSamples.Problems(
            """
            providers:
              - name: a
                driver: fake
                pools:
                  - name: p
                  - name: p
              - name: b
                driver: fake
                pools:
                  - name: p
              - name: a
                driver: none
            """);

        Assert.Contains("6:15: error: providers[0].pools[1].name: the pool 'p' exists already, see line 5; rename or remove one", problems);
        Assert.Contains("11:11: error: providers[2].name: the provider 'a' exists already, see line 2; rename or remove one", problems);
        Assert.Equal(3, problems.Length);
    }

    [Fact]
    public void Read_LabelTwiceInAPool_TakesTheLastAndWarns()
    {
        var result = ConfigSamples.Read(
            "labels: [{name: l}]\nproviders:\n  - {name: a, driver: fake, pools: [{name: p, labels: [{name: l, memory: 100}, {name: l, memory: 200}]}]}\n");

        Assert.Equal("'l' was given before, on line 3; the later one, here, counts", Assert.Single(result.Problems).Message);
        Assert.Equal(200, ((SampleDriver.SampleOptions)Assert.Single(result.Config!.Providers[0].Pools[0].Labels).Options!).Memory);
    }

    [Fact]
    public void Read_CircleOfParents_NamesIt()
    {
        var problems = ConfigSamples.Problems("diskimages: [{name: a, parent: b}, {name: b, parent: c}, {name: c, parent: b}]");

        var circle = Assert.Single(problems, problem => problem.Contains("error", StringComparison.Ordinal));
        Assert.Equal("1:76: error: diskimages[2].parent: parents in a circle: 'b' → 'c' → 'b'; remove one 'parent'", circle);
    }

    [Fact]
    public void Read_LabelsOfAnUnknownDriver_CountAsServed()
    {
        Assert.DoesNotContain(ConfigSamples.Problems(ConfigSamples.Grown), problem => problem.Contains("no pool", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_NamesTooLongForMetadata_WarnsAtTheLabel()
    {
        var (label, provider) = (new string('l', 190), new string('p', 100));

        var problem = Assert.Single(ConfigSamples.Problems(
            $"labels: [{{name: {label}}}]\nproviders: [{{name: {provider}, driver: fake, pools: [{{name: p, labels: [{{name: {label}}}]}}]}}]"));

        Assert.StartsWith("2:170: warning: providers[0].pools[0].labels: the names of provider, image and label have 292 bytes together", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ManyFaults_AreAllFoundInOneRunInFileOrder()
    {
        var lines = ConfigSamples.Read(
            "webapp: {port: x}\nlabels:\n  - name: a\n    min-ready: many\n  - min-ready: 1\ndiskimages: 3\nproviders:\n  - {name: h, driver: local, pools: [{nam: p}]}\n")
            .Problems.Where(problem => problem.IsError).Select(problem => problem.Line);

        Assert.Equal([1, 4, 5, 6, 8, 8], lines);
    }

    [Fact]
    public void Read_SameFaultThroughAliases_IsReportedOnce()
    {
        var problems = ConfigSamples.Problems(
            """
            labels: [{name: l}]
            providers:
              - {name: a, driver: fake, pools: &pools [{name: p, max-servers: x, labels: [{name: l}]}]}
              - {name: b, driver: fake, pools: *pools}
            """);

        Assert.Equal("3:67: error: providers[0].pools[0].max-servers: a whole number expected, found 'x'", Assert.Single(problems));
    }

    [Fact]
    public void Read_MoreProblemsThanAnybodyReads_KeepsTheFirstError()
    {
        var warnings = string.Concat(Enumerable.Range(0, 700).Select(i => $"  - {{name: l, min-ready: '{i}'}}\n"));

        var result = ConfigSamples.Read($"labels:\n{warnings}max-hold-age: x\n");

        Assert.Null(result.Config);
        Assert.Single(result.Problems, problem => problem.IsError);
        Assert.Contains(result.Problems, problem => problem.Message == "there may be more than these 500 problems");
    }

    [Theory]
    [InlineData("providers: [{name: h, driver: fake, password:hunter2}]", "unknown key 'password:…'")]
    [InlineData("webapp:\n  port: 1\n   apikey:hunter2", "found '1 apikey:…'")]
    public void Read_BlankForgottenBehindASecretKey_ShowsNothingOfTheSecret(string text, string expected)
    {
        var result = ConfigSamples.Read(text);
        using var report = new StringWriter();
        ConfigReport.Write(report, result, useColour: false);

        Assert.Contains(expected, report.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", report.ToString(), StringComparison.Ordinal);
    }
}
