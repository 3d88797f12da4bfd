using System.Text;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

public sealed class SecureFileTests
{
    private const string Main =
        """
        diskimages:
          - {name: base, abstract: true, env-vars: {KEEP: inherited}}
          - {name: debian, parent: base, formats: [qcow2], env-vars: {TOKEN: public, OTHER: left}}
          - {name: jammy, formats: [qcow2]}
        """;

    private const string Secret = "hunter2-never-shown";

    [Fact]
    public void DiskImages_EnvVars_ArePutOverTheImageAndNoOther()
    {
        var config = Read($"diskimages: [{{name: debian, env-vars: {{TOKEN: {Secret}, MORE: 1}}}}]").Config!;

        Assert.Equal(
            [("KEEP", "inherited"), ("TOKEN", Secret), ("OTHER", "left"), ("MORE", "1")],
            config.FindDiskImage("debian")!.EnvVars.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(["TOKEN", "MORE"], config.FindDiskImage("debian")!.SecretVariables);
        Assert.Empty(config.FindDiskImage("jammy")!.EnvVars);
    }

    [Fact]
    public void Templating_IsTheSameAsInTheMainFile()
    {
        var config = Read("diskimages: [{name: jammy, env-vars: {A: %(NODEPOOL_PASS)}}]", name => name == "NODEPOOL_PASS" ? Secret : null).Config!;

        Assert.Equal(Secret, config.FindDiskImage("jammy")!.EnvVars["A"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n---\n")]
    public void EmptyFile_ChangesNothing(string text)
    {
        var result = Read(text);

        Assert.NotNull(result.Config);
        Assert.Empty(result.Problems);
    }

    [Theory]
    [InlineData("labels: []", "secure.yaml:1:1: error: labels: unknown key 'labels' (known here: diskimages, zookeeper-servers, zookeeper-tls)")]
    [InlineData("diskimage: []", "secure.yaml:1:1: error: diskimage: unknown key 'diskimage' (did you mean 'diskimages'?)")]
    [InlineData("diskimages:\n- name: debian\n  elements: [x]", "secure.yaml:3:3: error: diskimages[0].elements: unknown key 'elements' (known here: env-vars, name)")]
    [InlineData("diskimages:\n- name: debain", "secure.yaml:2:9: error: diskimages[0].name: np.yaml has no diskimage of this name (did you mean 'debian'?)")]
    [InlineData("diskimages:\n- env-vars: {A: b}", "secure.yaml:2:3: error: diskimages[0].name: 'name' is missing")]
    public void WrongFile_IsRefusedWithItsOwnPlace(string text, string expected)
    {
        var result = Read(text);

        Assert.Null(result.Config);
        Assert.Equal(expected, Assert.Single(result.Problems).ToString());
    }

    [Fact]
    public void AbstractImage_IsAWarningBecauseNobodyInherits()
    {
        var result = Read("diskimages: [{name: base, env-vars: {A: b}}]");

        Assert.False(Assert.Single(result.Problems).IsError);
        Assert.Equal("inherited", result.Config!.FindDiskImage("debian")!.EnvVars["KEEP"]);
        Assert.False(result.Config.FindDiskImage("debian")!.EnvVars.ContainsKey("A"));
    }

    [Fact]
    public void ProblemsOfBothFiles_ComeInOneRun()
    {
        var result = Read("x: 1", main: "labels: 5");

        Assert.Equal(["np.yaml", "secure.yaml"], result.Problems.Select(problem => problem.File));
    }

    [Theory]
    [InlineData("diskimages: [{name: debian, env-vars: {TOKEN: [hunter2-never-shown]}}]")]
    [InlineData("diskimages: [{name: hunter2-never-shown, env-vars: {}}]")]
    [InlineData("diskimages: hunter2-never-shown")]
    [InlineData("diskimages: [{name: debian, env-vars: hunter2-never-shown}]")]
    [InlineData("diskimages: [{name: debian, env-vars: {TOKEN: *hunter2-never-shown}}]")]
    [InlineData("diskimages: [{name: debian, env-vars: {TOKEN: !hunter2-never-shown x}}]")]
    [InlineData("diskimages: [{name: debian, env-vars: {TOKEN: &hunter2-never-shown *hunter2-never-shown}}]")]
    [InlineData("diskimages: [{name: debian, env-vars: {TOKEN: hunter2-never-shown: }}]")]
    [InlineData("diskimages:\n- name: debian\n  env-vars:\n    TOKEN: \"hunter2-never-shown\n")]
    [InlineData("diskimages:\n- name: debian\n  env-vars:\n    TOKEN: a: hunter2-never-shown\n")]
    [InlineData("diskimages:\n- name: debian\n  env-vars: {A: hunter2-never-shown, hunter2-never-shown, hunter2-never-shown}\n  x: 1")]
    [InlineData("%hunter2-never-shown\n")]
    [InlineData("hunter2-never-shown")]
    public void WhateverIsWrong_NoValueIsShown(string text)
    {
        var result = Read(text);
        using var people = new StringWriter();
        using var machines = new StringWriter();
        ConfigReport.Write(people, result, useColour: false);
        ConfigReport.WriteJson(machines, result);

        Assert.NotEmpty(result.Problems);
        Assert.DoesNotContain(Secret, people.ToString() + machines, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NamesBothFiles()
    {
        using var people = new StringWriter();
        ConfigReport.Write(people, Read(""), useColour: false);

        Assert.Equal("np.yaml with secure.yaml is valid\n", people.ToString());
    }

    private static ConfigResult Read(string secure, Func<string, string?>? environment = null, string main = Main)
    {
        var reader = ConfigSamples.Reader(environment);
        return reader.Read("np.yaml", "/etc/nodepool", Encoding.UTF8.GetBytes(main), reader.ReadSecure("secure.yaml", "/etc/nodepool", Encoding.UTF8.GetBytes(secure)));
    }
}
