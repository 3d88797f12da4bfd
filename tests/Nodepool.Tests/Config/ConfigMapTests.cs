using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

public sealed class ConfigMapTests
{
    [Fact]
    public void Map_AllGoodValues_AreReadWithoutProblems()
    {
        var document = Parse(
            """
            name: ünit
            count: 0x10
            time: 1:30
            half: 0.5
            on: Yes
            one: single
            many: [a, 2, yes]
            env: {A: 1, B: yes, C: }
            kind: vm
            """);
        var map = document.Root!;

        Assert.Equal("ünit", map.RequiredText("name"));
        Assert.Equal(16, map.Int("count", 0));
        Assert.Equal(TimeSpan.FromSeconds(90), map.Seconds("time", default));
        Assert.Equal(0.5, map.Number("half", 1));
        Assert.True(map.Bool("on", false));
        Assert.Equal(["single"], map.Texts("one"));
        Assert.Equal(["a", "2", "yes"], map.Texts("many"));
        Assert.Equal("1 yes ", string.Join(' ', map.TextMap("env").Values));
        Assert.Equal(2, map.Choice("kind", 1, ("container", 1), ("vm", 2)));
        Assert.Equal("fallback", map.Text("absent", "fallback"));
        document.ReportUnknownKeys();
        Assert.Empty(document.Problems);
    }

    [Theory]
    [InlineData("n: abc", "1:4: error: n: a whole number from 1 to 5 expected, found 'abc'")]
    [InlineData("n: 6", "1:4: error: n: a whole number from 1 to 5 expected, found '6'")]
    [InlineData("n: 99999999999999999999", "1:4: error: n: a whole number from 1 to 5 expected, found '99999999999999999999'")]
    [InlineData("n: [1]", "1:1: error: n: a single value expected, this is a list")]
    [InlineData("n: '3'", "1:4: warning: n: the quotes make this a text; it is read as a number, but the quotes should go")]
    [InlineData("m: 1", "1:1: error: m: unknown key 'm' (known here: n)")]
    [InlineData("password: 1\nn: 1", "1:1: error: password: unknown key 'password' (known here: n)")]
    public void Int_WrongValue_IsReportedWithPlaceAndPath(string text, string expected)
    {
        var document = Parse(text);

        document.Root!.Int("n", 1, 1, 5);
        document.ReportUnknownKeys();

        Assert.Equal("np.yaml:" + expected, Assert.Single(document.Problems).ToString());
    }

    [Theory]
    [InlineData("b: maybe", "1:4: error: b: yes or no expected, found 'maybe'")]
    [InlineData("b: 'no'", "1:4: error: b: yes or no without quotes expected, found 'no'")]
    [InlineData("b: y", "1:4: error: b: yes or no expected, found 'y'")]
    public void Bool_WrongValue_IsRefused(string text, string expected)
    {
        var document = Parse(text);

        Assert.True(document.Root!.Bool("b", true));

        Assert.Equal("np.yaml:" + expected, Assert.Single(document.Problems).ToString());
    }

    [Fact]
    public void Choice_Typo_NamesTheNearestWord()
    {
        var document = Parse("kind: contianer");

        document.Root!.Choice("kind", 0, ("vm", 0), ("container", 1));

        Assert.Equal(
            "np.yaml:1:7: error: kind: one of vm, container expected, found 'contianer' (did you mean 'container'?)",
            Assert.Single(document.Problems).ToString());
    }

    [Fact]
    public void RequiredText_AbsentOrEmpty_IsAnErrorAtTheMappingOrTheKey()
    {
        var document = Parse("a:\n  - {x: 1}\n  - {name: }\n");

        foreach (var map in document.Root!.Maps("a"))
        {
            Assert.Equal("", map.RequiredText("name"));
            map.Ignore("x");
        }

        Assert.Equal(
            ["np.yaml:2:5: error: a[0].name: 'name' is missing", "np.yaml:3:12: error: a[1].name: 'name' is empty; it needs a value"],
            document.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void ReportUnknownKeys_NestedTypo_SuggestsTheKeyThatWasAskedFor()
    {
        var document = Parse("providers:\n  - name: a\n    pools:\n      - name: p\n        max_server: 3\n");

        ProviderSection.Read(document.Root!.Maps("providers")[0], pool => ProviderSection.ReadPool(pool, new PoolDefaults(), null));
        document.ReportUnknownKeys();

        Assert.Equal(
            "np.yaml:5:9: error: providers[0].pools[0].max_server: unknown key 'max_server' (did you mean 'max-servers'?)",
            Assert.Single(document.Problems).ToString());
    }

    [Fact]
    public void SecretValue_WrongType_IsNotRepeated()
    {
        var document = Parse("api-token: hunter2\nenv-vars:\n  A: {B: hunter2}\n");

        document.Root!.Int("api-token", 0);
        document.Root!.TextMap("env-vars");

        Assert.Equal(2, document.Problems.Count);
        Assert.DoesNotContain(document.Problems, problem => problem.Message.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void ReadPool_CommonKeys_GiveLimitsAndPriority()
    {
        var document = Parse("{name: main, max-servers: -1, max-ram: 2048, node-attributes: {zone: eu}}");

        var pool = ProviderSection.ReadPool(document.Root!, new PoolDefaults { Priority = 7 }, null);

        Assert.Equal(Quota.Of((Quota.Instances, 0), (Quota.Ram, 2048)), pool.Limits);
        Assert.Equal(7, pool.Priority);
        Assert.Equal("eu", pool.NodeAttributes["zone"]);
        Assert.Empty(document.Problems);
    }

    private static ConfigDocument Parse(string text) => ConfigDocument.Parse("np.yaml", text);
}
