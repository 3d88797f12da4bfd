using System.Text.RegularExpressions;

namespace Nodepool.Tests.Layout;

/// <summary>Documents refer to what is there.</summary>
public sealed partial class DocumentTests
{
    private static readonly IReadOnlyList<string> Documents = [.. SourceTree.Files("docs", "*.md"), .. Directory.EnumerateFiles(SourceTree.Root, "*.md")];

    [Fact]
    public void Links_ToFilesOfOurs_LeadToThem() => Assert.Empty(
        from path in Documents
        from Match link in Link().Matches(File.ReadAllText(path))
        let target = link.Groups["file"].Value
        where !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target))
        select $"{Path.GetRelativePath(SourceTree.Root, path)}: {target}");

    [Fact]
    public void Decisions_Each_HaveANumberOfTheirOwnInNameAndTitle()
    {
        var decisions = SourceTree.Files("docs/decisions", "0*.md");

        Assert.Equal(Enumerable.Range(1, decisions.Count).Select(number => $"{number:0000}"), decisions.Select(path => Path.GetFileName(path)[..4]));
        Assert.All(decisions, path => Assert.StartsWith($"# {Path.GetFileName(path)[..4].TrimStart('0')}. ", File.ReadLines(path).First(), StringComparison.Ordinal));
    }

    /// <summary>Addresses with a scheme, and those within the same document, are left out.</summary>
    [GeneratedRegex(@"\]\((?![a-z]+:)(?<file>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}
