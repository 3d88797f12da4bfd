using System.Text;
using Nodepool.Core.Providers;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Instances;
using Nodepool.Providers.Processes;

namespace Nodepool.Tests.Providers.Local;

public sealed class InstanceStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("np-local-").FullName;
    private readonly LocalPaths _paths;
    private readonly InstanceStore _store;

    public InstanceStoreTests()
    {
        _paths = new LocalPaths(_root);
        _store = new InstanceStore(_paths, TimeProvider.System);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Record_WrittenAndRead_IsTheSame()
    {
        var record = Record("a-1") with { Process = new ProcessIdentity(12, 3456) };

        _store.Create(record);
        var read = _store.Read("a-1");

        Assert.Equal(record with { Metadata = read!.Metadata }, read);
        Assert.Equal(record.Metadata, read.Metadata);
        Assert.DoesNotContain("alive", Encoding.UTF8.GetString(record.ToUtf8()), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"token\": \"a-1\"}")]
    [InlineData("{\"token\": null")]
    [InlineData("nonsense")]
    public void Record_ThatCannotBeRead_IsListedWithout(string content)
    {
        _store.Create(Record("a-1"));
        File.WriteAllText(Path.Combine(_paths.Instance("a-1"), "instance.json"), content);

        Assert.Equal([("a-1", null)], _store.List());
        Assert.True(_store.Exists("a-1"));
    }

    [Fact]
    public void Record_OfAnotherInstance_IsNotFollowed()
    {
        _store.Create(Record("a-1"));
        Directory.CreateDirectory(_paths.Instance("a-2"));
        File.Copy(Path.Combine(_paths.Instance("a-1"), "instance.json"), Path.Combine(_paths.Instance("a-2"), "instance.json"));

        Assert.Null(_store.Read("a-2"));
    }

    [Fact]
    public void Reservation_InterruptedBeforeItsRecord_IsNoInstanceAndIsSwept()
    {
        var left = Directory.CreateDirectory(Path.Combine(_paths.Instances, ".new-a-1"));

        Assert.Empty(_store.List());
        _store.Create(Record("a-1"));

        Assert.False(left.Exists && Directory.Exists(left.FullName));
        Assert.Equal(["a-1"], _store.List().Select(each => each.Token));
    }

    [Theory]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData(".new-a")]
    [InlineData("")]
    public void Token_ThatIsNoPlainName_ReachesNothing(string token)
    {
        Directory.CreateDirectory(_paths.Instances);

        Assert.False(_store.Exists(token));
        Assert.Null(_store.Read(token));
    }

    [Fact]
    public async Task Lock_HeldBySomebody_IsNotGivenTwice()
    {
        var path = FileLock.PathFor(_paths, "instance", "a-1");
        using (await FileLock.AcquireAsync(path, TimeProvider.System, Ct))
        {
            Assert.Null(FileLock.TryAcquire(path));
        }

        using var again = FileLock.TryAcquire(path);
        Assert.NotNull(again);
    }

    [Fact]
    public void File_Replaced_IsNeverHalfWrittenAndPrivate()
    {
        var path = Path.Combine(_root, "f");
        File.WriteAllText(path + ".new", "left by a crash, longer than the new content");

        AtomicFile.Write(path, "one"u8);
        AtomicFile.Write(path, "two"u8);

        Assert.Equal("two", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.EnumerateFiles(_root));
    }

    internal static InstanceRecord Record(string token) => new()
    {
        Token = token,
        NodeId = "0000000001",
        Kind = "vm",
        Image = "debian-1",
        Hostname = "np0000000001",
        Username = "zuul",
        MachineId = "00112233445566778899aabbccddeeff",
        Address = "127.0.0.1",
        Port = 20001,
        MemoryMiB = 256,
        Vcpus = 1,
        CostMiB = 406,
        CreatedAt = 1700000000.25,
        Metadata = new Dictionary<string, string> { [NodeMetadata.NodeId] = "0000000001" },
    };
}
