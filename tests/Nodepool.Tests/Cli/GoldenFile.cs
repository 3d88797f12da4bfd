using System.Text;
using Nodepool.Tests.Layout;

namespace Nodepool.Tests.Cli;

/// <summary>
/// Files with what the program shall print. With NODEPOOL_WRITE_GOLDEN=1 in the environment the tests write them anew instead of
/// comparing: then look at what <c>git diff</c> says.
/// </summary>
internal static class GoldenFile
{
    /// <summary>Directory of the goldens of the command line.</summary>
    public static string Directory { get; } = Path.Combine(SourceTree.Root, "tests/Nodepool.Tests/Cli/golden");

    public static bool IsWriting { get; } = Environment.GetEnvironmentVariable("NODEPOOL_WRITE_GOLDEN") == "1";

    /// <summary>Compares, or writes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="actual">What the program prints now.</param>
    public static void Check(string path, string actual)
    {
        if (IsWriting)
        {
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path) || File.ReadAllText(path) != actual)
            {
                File.WriteAllText(path, actual, new UTF8Encoding(false));
            }

            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing; NODEPOOL_WRITE_GOLDEN=1 writes it");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
