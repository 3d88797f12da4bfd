using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Nodepool.Core.Config.Reading;
using Nodepool.Tests.Config.V2;
using Nodepool.Tests.Corpus;
using Nodepool.Tests.Providers.Clouds;

namespace Nodepool.Tests.Config;

/// <summary>
/// Ten thousand damaged files: each ends in a configuration or in located errors, whatever was done to it. Half of the seeds are always
/// the same, half are new in each run; a failure names the file and the seed, and <c>Replay</c> repeats it.
/// </summary>
public sealed partial class ConfigMutationTests
{
    private const int Runs = 10_000;
    private const string Secret = "hunter2";

    private static readonly (string Name, string Text)[] Samples =
    [
        .. SectionPropertyTests.Sections.Select((section, index) => ($"cloud-{index}", ProviderFile.Text(section, SectionPropertyTests.Labels))),
        ("one-host", ConfigSamples.OneHost), ("grown", ConfigSamples.Grown.Replace("jammy, memory", "jammy, kind: vm, memory", StringComparison.Ordinal).Replace("jammy, vcpus", "jammy, kind: vm, vcpus", StringComparison.Ordinal)), ("every-driver", ConfigSamples.EveryDriver), ("v2", V2Samples.Usual),
        .. CorpusFiles.Names.Select(row => (row.Data, CorpusCut.Of(CorpusFiles.Text(row.Data)))),
    ];

    [Fact]
    public void Read_DamagedFile_EndsInAConfigurationOrInLocatedErrors()
    {
        var fresh = Gen.Int[0, int.MaxValue].Single();
        TestContext.Current.TestOutputHelper?.WriteLine($"fresh seeds begin with {fresh}");
        var broken = 0;
        for (var run = 0; run < Runs; run++)
        {
            var seed = run % 2 == 0 ? run : unchecked(fresh + run);
            broken += Check(Samples[run % Samples.Length], seed) ? 0 : 1;
        }

        // Were nearly all of them still valid, or none, the test would see little.
        Assert.InRange(broken, Runs / 4, Runs * 19 / 20);
    }

    [Fact]
    public void Samples_BeforeDamage_AreValid() =>
        Assert.All(Samples, sample => Assert.DoesNotContain(CorpusFiles.ReadText(sample.Text).Problems, problem => problem.IsError));

    [Theory]
    [InlineData("v2", 1)]
    [InlineData("cloud-1", 1556794899)]
    [InlineData("2016-03-24-bd030038-nodepool.yaml", 731722039)]
    [InlineData("v2", 379040740)]
    [InlineData("2016-03-24-bd030038-nodepool.yaml", 1638)]
    [InlineData("v2", 1490545053)]
    [InlineData("2016-01-26-3e5c30b5-nodepool.yaml", 1298407346)]
    [InlineData("every-driver", 690100754)]
    public void Replay(string name, int seed) => Check(Samples.Single(sample => sample.Name == name), seed);

    /// <returns>Whether the file is still valid.</returns>
    private static bool Check((string Name, string Text) sample, int seed)
    {
        var bytes = new ConfigMutation(new Random(seed)).Apply(sample.Text);
        try
        {
            var result = ConfigSamples.RealDrivers.Read("np.yaml", "/etc/nodepool", bytes);
            CheckProblems(result, Encoding.UTF8.GetString(bytes));
            CheckMigration(result);
            return result.Config is not null;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"file {sample.Name}, seed {seed}: {failure.Message}\n{Encoding.UTF8.GetString(bytes)}", failure);
        }
    }

    private static void CheckProblems(ConfigResult result, string text)
    {
        using var report = new StringWriter();
        ConfigReport.Write(report, result, useColour: true);
        ConfigReport.WriteJson(report, result);
        Assert.Equal(result.Config is null, result.Problems.Any(problem => problem.IsError));
        if (SecretLines().Count(text) == text.Split(Secret).Length - 1)
        {
            Assert.DoesNotContain(Secret, report.ToString(), StringComparison.Ordinal);
        }

        var lines = LineEnd().Split(text.TrimStart('\uFEFF'));
        Assert.All(result.Problems, problem =>
        {
            Assert.InRange(problem.Line, 1, lines.Length);
            Assert.InRange(problem.Column, 1, lines[problem.Line - 1].EnumerateRunes().Count() + 1);
            Assert.InRange(problem.Message.Length, 1, 2000);
            Assert.DoesNotContain(problem.KeyPath + problem.Message, char.IsControl);
        });
    }

    /// <summary>What can be migrated means the same afterwards.</summary>
    private static void CheckMigration(ConfigResult result)
    {
        var migration = ConfigMigration.Of(result.Text);
        if (result.Config is { } config)
        {
            Assert.NotNull(migration.Text);
            var again = ConfigSamples.RealDrivers.Read("np.yaml", "/etc/nodepool", migration.Text);
            Assert.True(again.Config is not null, $"{string.Join('\n', again.Problems)}\n{migration.Text}");
            Assert.Equal(config with { Legacy = null }, again.Config);
        }
    }

    [GeneratedRegex(@"(password|apikey|dburi):[^\n]*hunter2(?=[^\n]*(\n|$))")]
    private static partial Regex SecretLines();

    [GeneratedRegex("\r\n|\r|\n")]
    private static partial Regex LineEnd();
}
