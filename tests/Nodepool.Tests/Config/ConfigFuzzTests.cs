using System.Text;
using CsCheck;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

/// <summary>Whatever the input, reading ends in a configuration or in located errors. A failure prints the seed to repeat it.</summary>
public sealed class ConfigFuzzTests
{
    private static readonly string[] Words =
    [
        "yes", "-1", "0x", "1e999", ".nan", "~", "[]", "{}", "*env", "&env x", "<<: *env", "'", "\"", "|", "!!int x", "!!set {a}", "\t", ": ", "- ", "# ", "---", "...",
        "%(NODEPOOL_A)", "%(NODEPOOL_", "99999999999999999999", "\u0085", "\u2028", "\uFEFF", "😀", "\uD800", "name", "labels", "parent: jammy", "abstract: no", "{a: {b: [c",
    ];

    private static readonly Gen<string> Sample = OneOf(ConfigSamples.OneHost, ConfigSamples.Grown);

    /// <summary>A change of a text: what to do, where (as a fraction), how much, and with which word.</summary>
    private static readonly Gen<(int Kind, double At, int Length, string Word)> Change =
        Gen.Select(Gen.Int[0, 7], Gen.Double[0, 1], Gen.Int[0, 40], OneOf(Words));

    [Fact]
    public void Read_MutatedFile_NeverThrowsAndLocatesEveryProblem() =>
        Gen.Select(Sample, Change.Array[1, 6]).Sample(
            (sample, changes) => Check(Encoding.UTF8.GetBytes(changes.Aggregate(sample, (text, change) => Apply(text, change)))),
            iter: 4000, threads: 1);

    [Fact]
    public void Read_MutatedFileOfRealDrivers_NeverThrowsAndLocatesEveryProblem() =>
        Change.Array[1, 4].Sample(
            changes => Check(
                ConfigSamples.RealDrivers,
                Encoding.UTF8.GetBytes(changes.Aggregate(ConfigSamples.EveryDriver, (text, change) => Apply(text, change)))),
            iter: 2000, threads: 1);

    [Fact]
    public void Read_ArbitraryBytes_NeverThrows() => Gen.Byte.Array[0, 300].Sample(Check, iter: 3000, threads: 1);

    [Fact]
    public void Read_ArbitraryYamlSigns_NeverThrows() =>
        OneOf([.. Words, "a", "b", ":", ",", "[", "]", "{", "}", "\n", "\n  ", " ", "?", "*a", "&a ", ">", "%", "@", "\\"]).Array[0, 40]
            .Sample(parts => Check(Encoding.UTF8.GetBytes(string.Concat(parts))), iter: 4000, threads: 1);

    [Fact]
    public void Nearest_AnyTwoNames_IsWithinAThirdOfTheLetters() =>
        Gen.Select(Gen.String[Gen.Char['a', 'd'], 1, 12], Gen.String[Gen.Char['a', 'd'], 1, 12]).Sample(
            (wrong, name) => NearestName.Of(wrong, [name]) is null or { Length: > 0 } && (wrong != name || NearestName.Of(wrong, [name]) == name),
            iter: 2000, threads: 1);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static bool Check(byte[] content) => Check(ConfigSamples.Reader(name => name == "NODEPOOL_A" ? "a: [b" : null), content);

    private static bool Check(NodepoolConfigReader reader, byte[] content)
    {
        var result = reader.Read("np.yaml", "/etc/nodepool", content);
        using var output = new StringWriter();
        ConfigReport.Write(output, result, useColour: true);
        ConfigReport.WriteJson(output, result);
        var isLocated = result.Problems.All(problem => problem is { File: "np.yaml", Line: > 0, Column: > 0, Message.Length: > 0 });
        return isLocated && (result.Config is null) == result.Problems.Any(problem => problem.IsError);
    }

    private static string Apply(string text, (int Kind, double At, int Length, string Word) change)
    {
        var lines = text.Split('\n');
        var at = (int)(change.At * text.Length);
        var line = (int)(change.At * (lines.Length - 1));
        var length = Math.Min(change.Length, text.Length - at);
        return change.Kind switch
        {
            0 => text[..at],
            1 => text.Remove(at, length),
            2 => text.Insert(at, change.Word),
            3 => text.Insert(at, text.Substring(at, length)),
            4 => string.Join('\n', [.. lines[..line], .. lines[(line + 1)..]]),
            5 => string.Join('\n', [.. lines[..line], lines[line], lines[line], .. lines[(line + 1)..]]),
            6 => string.Join('\n', [.. lines[..line], lines[line].Split(':')[0] + ": " + change.Word, .. lines[(line + 1)..]]),
            _ => string.Join('\n', [.. lines[..line], lines[line].Replace('a', 'e'), .. lines[(line + 1)..]]),
        };
    }
}
