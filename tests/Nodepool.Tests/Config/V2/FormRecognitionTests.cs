using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config.V2;

/// <summary>Which form a file is taken for.</summary>
public sealed class FormRecognitionTests
{
    private const string Old = "{name: o, cloud: c, max-servers: 1, images: []}";
    private const string Present = "{name: n, cloud: c, pools: [{name: main}]}";

    [Theory]
    [InlineData("labels: []\nproviders: []\ntargets: []")]
    [InlineData("zmq-publishers: []\nproviders: []\nlabels: []")]
    [InlineData("providers: [" + Old + "]")]
    [InlineData("labels: [{name: a, image: i}]")]
    [InlineData("providers: [{name: o, max-servers: 0, cloud: c}]\ncron: {check: '*'}")]
    public void Read_OldFile_IsTranslated(string text) => Assert.NotNull(V2Samples.Read(text).Config?.Legacy);

    [Theory]
    [InlineData("labels: []\nproviders: []")]
    [InlineData("providers: [" + Present + "]\ncron: {check: '*'}\ntargets: [{name: zuul}]")]
    [InlineData("providers: [{name: n, driver: aws, max-servers: 3, region-name: r}]")]
    [InlineData("diskimages: [{name: a}]")]
    public void Read_PresentFile_IsReadAsItIs(string text)
    {
        var result = V2Samples.Read(text);

        Assert.NotNull(result.Config);
        Assert.Null(result.Config.Legacy);
    }

    [Fact]
    public void Read_PresentFileWithOldSettings_WarnsOfThem() => Assert.Contains(
        "2:1: warning: cron: 'cron' belongs to the form before Nodepool 3 and has no effect here; remove it",
        V2Samples.Problems("providers: [" + Present + "]\ncron: {check: '*'}"));

    [Fact]
    public void Read_PresentFileWithLabelsOfTheOldForm_WarnsOfThem()
    {
        var problems = V2Samples.Problems("labels:\n- name: a\n  image: i\n  providers: [{name: n}]\nproviders: [" + Present + "]");

        Assert.Contains(
            "3:10: warning: labels[0].image: 'image' of a label belongs to the form before Nodepool 3 and has no effect here; nodes come from the 'labels' of pools", problems);
        Assert.Contains(problems, problem => problem.StartsWith("4:3: warning: labels[0].providers: 'providers' of a label", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, problem => problem.Contains(": error: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "providers:\n- " + Present + "\n- " + Old + "\n- " + Old,
        "2:3: error: providers[0]: this provider has the present form, with 'pools', but the one on line 3 has the form before Nodepool 3; a file has one form: "
        + "write this one with 'images', or take it out, convert the rest with 'nodepool config-migrate' and put it back")]
    [InlineData(
        "providers:\n- " + Present + "\n- " + Old,
        "3:3: error: providers[1]: this provider has the form before Nodepool 3, with 'images', but the one on line 2 has the present form; a file has one form: give this one 'pools'")]
    [InlineData(
        "apiVersion: v1\nkind: NodePool\nspec: {}",
        "1:1: error: apiVersion: unknown key 'apiVersion', and no other key of this file is known: it does not configure Nodepool, which has keys such as 'labels' and 'providers'")]
    public void Read_MixtureOrForeignFile_IsOneClearError(string text, string expected)
    {
        var result = V2Samples.Read(text);

        Assert.Null(result.Config);
        Assert.Equal("np.yaml:" + expected, Assert.Single<ConfigProblem>(result.Problems).ToString());
    }
}
