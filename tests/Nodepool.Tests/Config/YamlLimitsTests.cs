using System.Diagnostics;
using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Tests.Config;

/// <summary>Files made to hurt. Each must end in a located problem; the time limit is generous, the allocation limit is not.</summary>
public sealed class YamlLimitsTests
{
    private const int Much = 100_000;

    private static readonly (string Name, string Text, string Expected)[] Attacks =
    [
        ("too long", new string('a', YamlLimits.Length + 1), "1:1: error: the file has more than 4194304 characters; that is no configuration"),
        ("brackets", new string('[', Much), "more than 64 levels of nesting"),
        ("braces", Repeat("{a: ", Much), "more than 64 levels of nesting"),
        ("dashes", Repeat("- ", Much), "more than 64 levels of nesting"),
        ("indentation", string.Concat(Enumerable.Range(0, 300).Select(i => new string(' ', i) + "a:\n")), "more than 64 levels of nesting"),
        ("alias bomb", "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + Chain(12, i => $"[{Repeat($"*a{i - 1},", 10)}]"), "aliases make this more than 400000 values"),
        ("alias chain", "a0: &a0 [x]\n" + Chain(300, i => $"[*a{i - 1}]"), "aliases make this more than 64 levels of nesting"),
        ("merge bomb", $"a0: &a0 {{{Names(3000)}}}\nb: {{<<: [{Repeat("*a0,", 300)}]}}", "more than 400000 values"),
        ("merge chain", "a0: &a0 {x0: 1}\n" + Chain(3000, i => $"{{<<: *a{i - 1}, x{i}: 1}}"), "more than 400000 values"),
        ("values", Repeat("- a\n", YamlLimits.Nodes + 1), "more than 400000 values in one file"),
        ("unknown aliases", Repeat("- *x\n", Much / 4), "no anchor '&x' before this alias"),
        ("anchors and aliases", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"- &b{i} x\n- *c{i}\n")), "no anchor '&c0' before this alias"),
        ("unknown keys", string.Concat(Enumerable.Range(0, 50_000).Select(i => $"label{i}: x\n")), "unknown key"),
        ("circle of parents", "diskimages:\n" + Images(8_000), "more than 50 levels of parents"),
        ("deep parents", "diskimages:\n" + Images(8_000).Replace("parent: i0}", "parent: i0x}", StringComparison.Ordinal), "more than 50 levels of parents"),
        ("unknown labels", "providers: [{name: a, driver: local, pools: [{name: p, labels: [" + Repeat("{name: x, diskimage: y},", 20_000) + "]}]}]", "no label 'x'"),
        ("unclosed quote", "a: \"" + Repeat("x\n", Much), "the quotes that are opened here are never closed"),
        ("long key", new string('k', Much) + ": 1", "error"),
        ("long unknown key", "{\"" + new string('k', Much) + "\": 1}", "unknown key 'kkkkkk"),
        ("templates", Repeat("- '%(NODEPOOL_BIG)'\n", 50_000), "that is no configuration"),
    ];

    public static TheoryData<string> AttackNames => [.. Attacks.Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(AttackNames))]
    public void Read_Attack_EndsQuicklyWithALocatedError(string name)
    {
        var (_, text, expected) = Attacks.Single(attack => attack.Name == name);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();

        var result = ConfigSamples.Reader(_ => new string('v', 1000)).Read("np.yaml", "/", text);

        var (took, allocated) = (clock.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Null(result.Config);
        Assert.Contains(result.Problems, problem => problem.IsError && problem.ToString().Contains(expected, StringComparison.Ordinal));
        Assert.All(result.Problems, problem => Assert.True(problem is { Line: > 0, Column: > 0, Message.Length: < 400 }, problem.ToString()));
        Assert.InRange(result.Problems.Count, 1, 502);
        Assert.True(took < TimeSpan.FromMinutes(2), $"{name} took {took}");
        Assert.True(allocated < 500_000_000, $"{name} allocated {allocated / 1_000_000} MB");
    }

    [Fact]
    public void Read_TooManyBytes_AreNotEvenDecoded()
    {
        var bytes = new byte[50_000_000];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var result = ConfigSamples.Reader().Read("np.yaml", "/", bytes);

        Assert.Equal("np.yaml:1:1: error: the file has more than 4194304 bytes; that is no configuration", Assert.Single(result.Problems).ToString());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Read_LargeButSensibleFile_IsAccepted()
    {
        var labels = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"  - {{name: label-{i}, min-ready: 0}}\n"));

        var result = ConfigSamples.Read("labels:\n" + labels);

        Assert.Equal(20_000, result.Config!.Labels.Count);
    }

    private static string Repeat(string part, int times) => string.Concat(Enumerable.Repeat(part, times));

    private static string Names(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"k{i}: 1"));

    private static string Chain(int count, Func<int, string> value) =>
        string.Concat(Enumerable.Range(1, count - 1).Select(i => $"a{i}: &a{i} {value(i)}\n"));

    private static string Images(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"  - {{name: i{i}, parent: i{(i + 1) % count}}}\n"));
}
