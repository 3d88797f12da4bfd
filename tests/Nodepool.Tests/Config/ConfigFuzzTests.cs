using System.Text;
using CsCheck;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Tests.Config;

/// <summary>Input that was never a configuration ends in located errors as well. A failure prints the seed to repeat it.</summary>
public sealed class ConfigFuzzTests
{
    private static readonly string[] Words =
    [
        "yes", "-1", "0x", "1e999", ".nan", "~", "[]", "{}", "*env", "&env x", "<<: *env", "'", "\"", "|", "!!int x", "!!set {a}", "\t", ": ", "- ", "# ", "---", "...",
        "%(NODEPOOL_A)", "%(NODEPOOL_", "99999999999999999999", "\u0085", "\u2028", "\uFEFF", "😀", "\uD800", "name", "labels", "parent: jammy", "abstract: no", "{a: {b: [c",
    ];

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
}
