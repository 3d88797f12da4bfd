using System.Text.Json.Nodes;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

public sealed class ConfigReportTests
{
    [Fact]
    public void Write_Problems_ShowLineAndCaret()
    {
        var report = Report("labels:\n  - name: a\n    min-reddy: 2\n");

        Assert.Equal(
            """
            np.yaml:2:11: warning: labels[0].name: no pool of this file serves the label 'a'
                2 |   - name: a
                  |           ^
            np.yaml:3:5: error: labels[0].min-reddy: unknown key 'min-reddy' (did you mean 'min-ready'?)
                3 |     min-reddy: 2
                  |     ^
            np.yaml is not valid: 1 error, 1 warning

            """,
            report);
    }

    [Fact]
    public void Write_Nothing_SaysValid() => Assert.Equal("np.yaml is valid\n", Report("{}"));

    [Fact]
    public void Write_Coloured_MarksTheWordAndTheCaret()
    {
        var report = Report("labels: 5", useColour: true);

        Assert.Contains("\e[1;31merror:\e[0m", report, StringComparison.Ordinal);
        Assert.Contains("\e[1;32m^\e[0m", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LongLine_IsCutAroundTheCaret()
    {
        var report = Report("labels: [" + string.Concat(Enumerable.Repeat("{name: abcdefgh}, ", 40)) + "5]").Split('\n');

        var excerpt = Array.FindLastIndex(report, line => line.Contains("1 |", StringComparison.Ordinal));
        Assert.True(report[excerpt].Length < 150);
        Assert.Equal('5', report[excerpt][report[excerpt + 1].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData("diskimages:\n  - name: a\n    env-vars: {TOKEN: hunter2, B: [hunter2]}\n    formats: [raw]\n")]
    [InlineData("api-password: hunter2\n")]
    [InlineData("zookeeper-tls: {key: hunter2, cert: c}\n")]
    [InlineData("auth-path: hunter2\n")]
    [InlineData("userdata: |\n  hunter2\n  hunter2\n")]
    [InlineData("api-password:\n  - hunter2\n  - hunter2: \tx: y: z\n")]
    [InlineData("api-password: hunter2: x\n")]
    [InlineData("env-vars:\n  A: 'hunter2\n  B: hunter2\n")]
    [InlineData("env-vars:\n  A: {hunter2\n  B: hunter2\n")]
    [InlineData("{env-vars: {A: hunter2}, labels: 5}\n")]
    public void Write_SecretValue_IsNeverShown(string text)
    {
        var report = Report(text);

        Assert.Contains("error", report, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EnvironmentValue_IsNeverShown()
    {
        var result = ConfigSamples.Reader(_ => "hunter2: [").Read("np.yaml", "/", "labels: %(NODEPOOL_X)\n");

        Assert.DoesNotContain("hunter2", Write(result, false), StringComparison.Ordinal);
        Assert.Contains("%(NODEPOOL_X)", Write(result, false), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ControlCharacters_DoNotReachTheTerminal()
    {
        var report = Report("labels: \"\\e[31m\"\n\"k\\x1b]0;x\": 1\n");

        Assert.DoesNotContain('\e', report);
    }

    [Fact]
    public void WriteJson_Problems_HaveEveryPart()
    {
        var output = new StringWriter();
        ConfigReport.WriteJson(output, ConfigSamples.Read("labels:\n  - name: ä\n    min-ready: x\n"));

        var json = JsonNode.Parse(output.ToString())!;
        Assert.False((bool)json["valid"]!);
        var error = Assert.Single(json["problems"]!.AsArray(), problem => (string)problem!["severity"]! == "error")!;
        Assert.Equal(
            ("np.yaml", 3, 16, "labels[0].min-ready", "a whole number expected, found 'x'"),
            ((string)error["file"]!, (int)error["line"]!, (int)error["column"]!, (string)error["key"]!, (string)error["message"]!));
        Assert.Equal("a whole number", (string?)error["expected"]);
        Assert.Null(error["suggestion"]);
        Assert.Contains("'ä'", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("webapp: {prot: 1}", "one of listen-address, listen_address, port", "port")]
    [InlineData("diskimages: [{name: a, formats: [raw], image-tool: mmdebstarp}]", "one of diskimage-builder, mmdebstrap", "mmdebstrap")]
    [InlineData("providers: [{name: p, driver: fake, pools: [{name: m, labels: [{name: l, kind: contaner}]}]}]", "one of vm, container", "container")]
    [InlineData("labels: {a: b}", "a list of mappings ('- key: value' lines)", null)]
    [InlineData("providers: [{name: p, driver: locla}]", "one of fake, local", "local")]
    public void WriteJson_Problem_HasExpectedAndSuggestionApart(string text, string? expected, string? suggestion)
    {
        var output = new StringWriter();
        ConfigReport.WriteJson(output, ConfigSamples.Read(text));

        var problem = JsonNode.Parse(output.ToString())!["problems"]!.AsArray().First(each => each!["key"]!.ToString() != "providers[0].pools[0].labels")!;
        Assert.Equal((expected, suggestion), ((string?)problem["expected"], (string?)problem["suggestion"]));
    }

    private static string Report(string text, bool useColour = false) => Write(ConfigSamples.Read(text), useColour);

    private static string Write(ConfigResult result, bool useColour)
    {
        var output = new StringWriter { NewLine = "\n" };
        ConfigReport.Write(output, result, useColour);
        return output.ToString();
    }
}
