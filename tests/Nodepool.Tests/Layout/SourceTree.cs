namespace Nodepool.Tests.Layout;

/// <summary>The repository that these tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>Its root: the directory with the solution, above the directory of the test program.</summary>
    public static string Root { get; } = Find();

    /// <summary>C# files below a folder of the root, build output left out.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern = "*.cs") =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "artifacts"))
            .Order(StringComparer.Ordinal)];

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Nodepool.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException("no Nodepool.slnx above the test program: run the tests from a build inside the repository");
    }
}
