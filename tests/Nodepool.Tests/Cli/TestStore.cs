using System.Text;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.State.Memory;

namespace Nodepool.Tests.Cli;

/// <summary>A memory store at Unix second 1000 with shortcuts for putting records there and looking at them.</summary>
internal sealed class TestStore
{
    public const double Now = 1000;

    private int _ids;

    public TestStore(FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider();
        Time.AdjustTime(DateTimeOffset.UnixEpoch.AddSeconds(Now));
        Sources = new Sources(Time, new CountedIds(this), new NoChance());
        Tree = new MemoryTree(Time);
        Engine = Tree.Open(Sources);
    }

    public FakeTimeProvider Time { get; }

    public Sources Sources { get; }

    public MemoryTree Tree { get; }

    public MemoryEngine Engine { get; }

    /// <summary>Stores bytes at a path, new or not.</summary>
    public void Put(string path, ReadOnlyMemory<byte> data)
    {
        Write write = Tree.Snapshot("/").Any(entry => entry.Path == path) ? new Write.Set(path, data, Write.AnyVersion) : new Write.Create(path, data, CreateModes.Persistent);
        Commit(write);
    }

    public void Put(string id, NodeRecord node) => Put(NodepoolPaths.Node(id), node.Write());

    public void Put(string id, NodeRequestRecord request) => Put(NodepoolPaths.Request(id), request.Write());

    public void Put(string image, string id, ImageBuildRecord build) => Put(NodepoolPaths.Build(image, id), build.Write());

    public void Put(string image, string build, string provider, string id, ImageUploadRecord upload) =>
        Put(NodepoolPaths.Upload(image, build, provider, id), upload.Write());

    public void Put(string name, ComponentRecord component) => Put($"{NodepoolPaths.Components}/{component.Kind}/{name}", component.Write());

    public void Delete(string path) => Commit(new Write.Delete(path, Write.AnyVersion));

    /// <summary>A contender for a lock, as somebody else would make it.</summary>
    public string Lock(string directory, string holder)
    {
        var contender = new Write.Create($"{directory}/{Sources.Ids.NewId()}__lock__", Encoding.UTF8.GetBytes(holder), CreateModes.Sequential);
        return Commit(contender).Created[0];
    }

    public Entry? Find(string path) => Tree.Snapshot("/").FirstOrDefault(entry => entry.Path == path);

    public NodeRecord Node(string id) => NodeRecord.Read(Find(NodepoolPaths.Node(id))!.Data.Span);

    public NodeRequestRecord Request(string id) => NodeRequestRecord.Read(Find(NodepoolPaths.Request(id))!.Data.Span);

    /// <summary>Names of the contenders for a node's lock.</summary>
    public IReadOnlyList<string> Contenders(string node) =>
        [.. Tree.Snapshot(NodepoolPaths.NodeLock(node)).Skip(1).Select(entry => NodepoolPaths.NameOf(entry.Path))];

    public ClusterView View() =>
        new ClusterView().After(new ChangeBatch(Tree.Position, true, [.. Tree.Snapshot("/").Select(entry => new Change(entry.Path, entry))]));

    /// <summary>The memory store completes everything before it returns.</summary>
    private CommitResult Commit(Write write) => Engine.CommitAsync([write], default).AsTask().Result;

    private sealed class CountedIds(TestStore store) : IIdSource
    {
        public string NewId() => (++store._ids).ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class NoChance : IRandomSource
    {
        public double NextDouble() => 0;
    }
}
