using Nodepool.Core.Config.Reading;
using Nodepool.Tests.Cli;
using Nodepool.Tests.Corpus;

namespace Nodepool.Tests.Config.V2;

/// <summary>What <c>config-migrate</c> writes is valid, has the present form and means the same.</summary>
public sealed class ConfigMigrationTests
{
    public static TheoryData<string> V2Files => CorpusFiles.V2Names;

    public static TheoryData<string> PresentFiles => [.. CorpusFiles.Names.Select(row => row.Data).Except(CorpusFiles.V2Names.Select(row => row.Data))];

    [Theory]
    [MemberData(nameof(V2Files))]
    public void Of_ProductionFile_MeansTheSame(string file)
    {
        var old = CorpusFiles.Read(file);

        var migration = ConfigMigration.Of(old.Text);
        var now = CorpusFiles.ReadText(migration.Text!);

        Assert.False(migration.IsPresent);
        Assert.NotNull(now.Config);
        Assert.Null(now.Config.Legacy);
        Assert.Equal(old.Config! with { Legacy = null }, now.Config);
        Assert.DoesNotContain(now.Problems, problem => problem.Message.Contains("form before", StringComparison.Ordinal) || problem.Message.Contains("was given before", StringComparison.Ordinal));
        Assert.True(ConfigMigration.Of(now.Text).IsPresent);
    }

    [Theory]
    [MemberData(nameof(PresentFiles))]
    public void Of_PresentFile_IsTheFile(string file) =>
        Assert.Equal(new ConfigMigration(CorpusFiles.Text(file), true, []), ConfigMigration.Of(CorpusFiles.Read(file).Text));

    [Fact]
    public void Of_UsualFile_IsWhatAnOperatorWouldWrite() => GoldenFile.Check(Golden, Migrate(V2Samples.Usual));

    [Fact]
    public void Of_FileWithSecrets_PrintsNone() => Assert.DoesNotContain("hunter2", Migrate(V2Samples.Usual + "# password: hunter2\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("release: 20.10", "release: 20.10")]
    [InlineData("release: '22'", "release: '22'")]
    [InlineData("release: \"no\"", "release: \"no\"")]
    [InlineData("release: Ünï 日本", "release: Ünï 日本")]
    [InlineData("release: %(NODEPOOL_R)", "release: %(NODEPOOL_R)")]
    [InlineData("release: 'a%(NODEPOOL_R)'", "release: 'a%(NODEPOOL_R)'")]
    [InlineData("release: &r xenial  # why", "release: xenial  # why")]
    [InlineData("release: xenial  # why", "release: xenial  # why")]
    [InlineData("elements: [a, 'b: c']", "elements:\n      - a\n      - 'b: c'")]
    [InlineData("elements: []", "elements: []")]
    [InlineData("env-vars: {A: yes, 'B': '1', yes: on, '7': \"x\\ty\"}", "env-vars:\n      A: yes\n      B: '1'\n      'yes': on\n      '7': \"x\\ty\"")]
    [InlineData("env-vars:\n      A: |\n        x\n         y\n\n        z\n      B: >-\n        f\n        g", "env-vars:\n      A: |\n        x\n         y\n\n        z\n      B: 'f g'")]
    [InlineData("env-vars:\n      A: |+\n        x\n\n      B: \"a\\\n        b\\e\"", "env-vars:\n      A: |+\n        x\n\n      B: \"ab\\u001B\"")]
    public void Of_DiskImage_KeepsItsValuesAsTheyAreWritten(string line, string expected)
    {
        var text = $"labels: [{{name: a, image: i, providers: [{{name: p}}]}}]\nproviders: [{{name: p, cloud: c, max-servers: 1, images: [{{name: i, min-ram: 1}}]}}]\ndiskimages:\n  - name: i\n    {line}\n";

        var migrated = Migrate(text);

        Assert.Contains($"    {expected}\n", migrated, StringComparison.Ordinal);
        var old = CorpusFiles.ReadText(text);
        if (old.Config is not null)
        {
            Assert.Equal(old.Config with { Legacy = null }, CorpusFiles.ReadText(migrated).Config);
        }
    }

    [Fact]
    public void Of_FileWithComments_KeepsThemWhereTheirKeysWent()
    {
        var migrated = Migrate(
            """
            # Managed by hand.
            cron: {check: '*'}

            # The one label
            labels:
              # for all
              - name: a  # short
                image: i
                providers: [{name: p}]
            providers:
              # token: abcdef
              - name: p
                cloud: c
                # as much as we may
                max-servers: 1
                images: [{name: i, min-ram: 1}]
            """);

        Assert.StartsWith("# Written by", migrated, StringComparison.Ordinal);
        foreach (var part in new[] { "\n# Managed by hand.\n", "\n# The one label\nlabels:\n  # for all\n  - name: a  # short\n", "\n        # as much as we may\n        max-servers: 1\n", "\n  # (a comment that may hold a secret was left out)\n  - name: p\n" })
        {
            Assert.Contains(part, migrated, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("labels: [{name: a, image: i, providers: [{name: q}]}]\nproviders: []", "no provider 'q'")]
    [InlineData("a: [", "is not closed")]
    [InlineData("apiVersion: v1", "does not configure Nodepool")]
    public void Of_FileThatMakesNoSense_IsNoFileButErrors(string text, string expected)
    {
        var migration = ConfigMigration.Of(CorpusFiles.ReadText(text).Text);

        Assert.Null(migration.Text);
        Assert.Contains(expected, Assert.Single(migration.Problems).Message, StringComparison.Ordinal);
    }

    private static string Golden => Path.Combine(Layout.SourceTree.Root, "tests", "Nodepool.Tests", "Config", "V2", "usual-migrated.yaml");

    private static string Migrate(string text)
    {
        var migration = ConfigMigration.Of(CorpusFiles.ReadText(text).Text);
        Assert.Empty(migration.Problems);
        return migration.Text!;
    }
}
