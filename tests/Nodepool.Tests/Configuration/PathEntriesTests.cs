using Nodepool.Configuration;

namespace Nodepool.Tests.Configuration;

public sealed class PathEntriesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nodepool-entries-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void PlainFile_HangsOnItselfAndItsDirectory()
    {
        Directory.CreateDirectory(At("conf"));

        Assert.Equal([(_root, "conf"), (At("conf"), "np.yaml")], PathEntries.Of(At("conf/np.yaml")));
    }

    [Fact]
    public void Links_AreFollowedStepByStep()
    {
        Directory.CreateDirectory(At("conf/..v1"));
        File.WriteAllText(At("conf/..v1/np.yaml"), "");
        Directory.CreateSymbolicLink(At("conf/..data"), "..v1");
        File.CreateSymbolicLink(At("conf/np.yaml"), "..data/np.yaml");
        Directory.CreateSymbolicLink(At("here"), At("conf"));

        // What "here" points at, the file's link, the link to the version, and the version.
        Assert.Equal(
            [(_root, "here"), (_root, "conf"), (At("conf"), "np.yaml"), (At("conf"), "..data"), (At("conf"), "..v1"), (At("conf/..v1"), "np.yaml")],
            PathEntries.Of(At("here/np.yaml")));
    }

    [Fact]
    public void LinkUpwards_AndMissingTarget_AreUnderstood()
    {
        Directory.CreateDirectory(At("a/b"));
        File.CreateSymbolicLink(At("a/b/np.yaml"), "../../missing/real.yaml");

        Assert.Equal([(At("a"), "b"), (At("a/b"), "np.yaml"), (_root, "missing"), (At("missing"), "real.yaml")], PathEntries.Of(At("a/b/np.yaml")));
    }

    [Fact]
    public void LinksInACircle_End()
    {
        File.CreateSymbolicLink(At("one"), "two");
        File.CreateSymbolicLink(At("two"), "one");

        Assert.Contains((_root, "one"), PathEntries.Of(At("one")));
    }

    private string At(string path) => Path.Combine(_root, path);
}
