namespace Nodepool.Tests.Config;

/// <summary>Pools that can have no node, and settings that contradict each other: never an error, for the file can be run.</summary>
public sealed class PoolChecksTests
{
    [Theory]
    [InlineData("max-servers: 0", "max-servers: the pool 'm' may have no servers, so it serves nothing")]
    [InlineData("max-cores: 0", "max-cores: the pool 'm' may have no cores, so it serves nothing")]
    [InlineData("max-ram: 0", "max-ram: the pool 'm' may have no memory, so it serves nothing")]
    [InlineData("max-servers: -1", "max-servers: the pool 'm' is drained, as any number below zero says: nodes in use stay, and nothing is launched")]
    public void Read_PoolWithoutRoom_SaysWhich(string limit, string expected)
    {
        var problems = ConfigSamples.Problems($"providers: [{{name: p, driver: fake, pools: [{{name: m, {limit}}}]}}]");

        Assert.EndsWith($": warning: providers[0].pools[0].{expected}", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("username: root", true)]
    [InlineData("connection-port: 2222", false)]
    public void Read_AHostOfTwoProviders_IsAWarning(string other, bool isSame)
    {
        var problems = ConfigSamples.RealDrivers.Read(
            "np.yaml",
            "/",
            $"labels: [{{name: l}}]\nproviders:\n- {{name: p, driver: static, pools: [{{name: m, nodes: [{{name: h, labels: l}}]}}]}}\n- {{name: q, driver: static, pools: [{{name: m, nodes: [{{name: h, labels: l, {other}}}]}}]}}\n").Problems;

        Assert.Equal(isSame ? 1 : 0, problems.Count);
        Assert.All(problems, problem => Assert.Equal(
            "np.yaml:4:62: warning: providers[1].pools[0].nodes[0].name: the provider 'p' has this host too, so it is lent by both at the same time; leave it to one of them", problem.ToString()));
    }

    [Fact]
    public void Read_ManyPoolsWithoutRoom_AreOneWarning()
    {
        var providers = string.Concat(Enumerable.Range(1, 14).Select(i => $"- {{name: p{i}, driver: fake, pools: [{{name: m, max-servers: 0}}]}}\n"));

        Assert.Equal(
            "2:59: warning: providers[0].pools[0].max-servers: the pools 'p1/m', 'p2/m', 'p3/m', 'p4/m', 'p5/m', 'p6/m', 'p7/m', 'p8/m', 'p9/m', 'p10/m' "
                + "and 4 more may have no servers, so they serve nothing",
            Assert.Single(ConfigSamples.Problems("providers:\n" + providers)));
    }

    [Theory]
    [InlineData("launch-timeout: 60, boot-timeout: 120", "launch-timeout: a launch may take 60 seconds, booting included, which is less than the 120 of 'boot-timeout' alone")]
    [InlineData("boot-timeout: 7200", "boot-timeout: a launch may take 3600 seconds, booting included, which is less than the 7200 of 'boot-timeout' alone")]
    [InlineData("launch-timeout: 600, boot-timeout: 120", null)]
    public void Read_Times_AreCompared(string times, string? expected)
    {
        var problems = ConfigSamples.Problems($"providers: [{{name: p, driver: fake, {times}}}]");

        Assert.Equal(expected is null ? 0 : 1, problems.Length);
        Assert.All(problems, problem => Assert.EndsWith($": warning: providers[0].{expected}", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SameWarningInManyPlaces_IsGivenOnce()
    {
        var images = string.Concat(Enumerable.Range(1, 5).Select(i => $"- {{name: d{i}, formats: [raw], build-timeout: 0}}\n"));

        Assert.Equal(
            "2:45: warning: diskimages[0].build-timeout: zero has no meaning; 28800 seconds are used (and 4 more of the same below)",
            Assert.Single(ConfigSamples.Problems("diskimages:\n" + images)));
    }
}
