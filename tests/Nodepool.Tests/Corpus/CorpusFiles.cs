using Nodepool.Core.Config.Reading;
using Nodepool.Tests.Config;
using Nodepool.Tests.Layout;

namespace Nodepool.Tests.Corpus;

/// <summary>Production files of ten years; see the README beside them.</summary>
internal static class CorpusFiles
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "Nodepool.Tests", "Corpus", "opendev");

    /// <summary>File names, oldest first.</summary>
    public static TheoryData<string> Names { get; } = [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>What was counted in each file by other means.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Facts { get; } = ReadFacts();

    /// <summary>Files of the form before Nodepool 3.</summary>
    public static TheoryData<string> V2Names { get; } = [.. Facts.Where(row => row.Value["form"] == "v2").Select(row => row.Key).Order(StringComparer.Ordinal)];

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public static ConfigResult Read(string name) => ConfigSamples.RealDrivers.Read(name, "/etc/nodepool", Text(name));

    public static ConfigResult ReadText(string text) => ConfigSamples.RealDrivers.Read("np.yaml", "/etc/nodepool", text);

    private static Dictionary<string, IReadOnlyDictionary<string, string>> ReadFacts()
    {
        var rows = File.ReadLines(Path.Combine(Folder, "facts.tsv")).Select(line => line.Split('\t')).ToList();
        return rows.Skip(1).ToDictionary(
            row => row[0], row => (IReadOnlyDictionary<string, string>)rows[0].Zip(row).ToDictionary(pair => pair.First, pair => pair.Second), StringComparer.Ordinal);
    }
}
