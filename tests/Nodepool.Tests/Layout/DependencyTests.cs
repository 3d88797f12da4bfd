using System.Xml.Linq;

namespace Nodepool.Tests.Layout;

/// <summary>References run from the program to providers and state engines to Core, never sideways; Core knows no I/O package.</summary>
public sealed class DependencyTests
{
    [Theory]
    [InlineData("Nodepool.Core", "")]
    [InlineData("Nodepool.State", "Nodepool.Core")]
    [InlineData("Nodepool.Providers", "Nodepool.Core")]
    [InlineData("Nodepool", "Nodepool.Providers Nodepool.State")]
    public void Project_References_RunDownwardsOnly(string project, string expected) => Assert.Equal(
        expected.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)).Order());

    [Fact]
    public void Core_Packages_DoNoInputOrOutput() =>
        Assert.Equal(["Cronos", "Microsoft.Extensions.Logging.Abstractions", "YamlDotNet"], Items("Nodepool.Core", "PackageReference").Order());

    [Theory]
    [InlineData("System.IO.File")]
    [InlineData("System.Net.")]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("File.")]
    [InlineData("Directory.")]
    [InlineData("ConfigureAwait(false)")]
    [InlineData("Task.Run(")]
    public void Core_Code_StaysDeterministicAndPure(string forbidden)
    {
        var offenders = SourceTree.Files("src/Nodepool.Core")
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (path, line, Number: index + 1)))
            .Where(found => !found.line.TrimStart().StartsWith("//", StringComparison.Ordinal)
                && found.line.Contains(" " + forbidden, StringComparison.Ordinal) | found.line.Contains("(" + forbidden, StringComparison.Ordinal) | found.line.Contains("." + forbidden, StringComparison.Ordinal))
            .Where(found => !found.line.Contains("lease.Directory", StringComparison.Ordinal))
            .Select(found => $"{found.path}:{found.Number}: {found.line.Trim()}");

        Assert.Empty(offenders);
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(SourceTree.Root, "src", project, project + ".csproj")).Descendants(kind).Select(item => (string)item.Attribute("Include")!);
}
