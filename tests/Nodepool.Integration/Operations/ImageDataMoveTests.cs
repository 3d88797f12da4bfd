using System.Globalization;
using Nodepool.Core.Model;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Integration.State.ZooKeeper;
using Nodepool.Testing;
using Nodepool.Testing.State;

namespace Nodepool.Integration.Operations;

/// <summary>Image data goes from one kind of store to another and back.</summary>
public sealed class ImageDataMoveTests
{
    private const string Record = """{"state": "ready", "state_time": 1725000000.10, "external_id": "é-1", "future": {"n": 36248839519737144670805403184918362552}}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(3000)]
    public async Task Data_SqliteToZooKeeperAndBack_IsTheSameToTheByte(int uploads)
    {
        var sources = SeededSources.Create(TimeProvider.System);
        await using var sqlite = new SqliteStore();
        await using var zookeeper = new PlainZooKeeperStore();
        await using var other = new SqliteStore();
        await using var first = await sqlite.OpenSessionAsync(sources, Ct);
        await using var second = await zookeeper.OpenSessionAsync(sources, Ct);
        await using var third = await other.OpenSessionAsync(sources, Ct);
        var file = ImageDataFile.Write(Entries(uploads));

        await new ImageDataTransfer(first).ImportAsync(ImageDataFile.Read(file.Span), force: false, Ct);
        await MoveAsync(first, second);
        await MoveAsync(second, third);

        Assert.Equal(file.ToArray(), ImageDataFile.Write((await new ImageDataTransfer(third).ExportAsync(Ct)).Entries).ToArray());
        var parent = NodepoolPaths.Uploads("image-00", "build", "provider-0");
        var next = await second.CommitAsync([new Write.Create(parent + "/", default, CreateModes.Sequential)], Ct);
        Assert.Equal([$"{parent}/{Last(await first.ListAsync(parent, Ct)) + 1:0000000000}"], next.Created);
    }

    private static long Last(IReadOnlyList<string> numbers) => long.Parse(numbers[^1], CultureInfo.InvariantCulture);

    private static async Task MoveAsync(IStateEngine from, IStateEngine to) =>
        await new ImageDataTransfer(to).ImportAsync(ImageDataFile.Read(ImageDataFile.Write((await new ImageDataTransfer(from).ExportAsync(Ct)).Entries).Span), force: false, Ct);

    /// <summary>Thirty images at as many providers as it takes; numbers have gaps.</summary>
    private static SortedDictionary<string, string> Entries(int uploads)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < uploads; i++)
        {
            var image = $"image-{i % 30:00}";
            entries[NodepoolPaths.ImagePause(image)] = "";
            entries[NodepoolPaths.Build(image, "build")] = Record;
            entries[NodepoolPaths.Upload(image, "build", $"provider-{i / 30 % 50}", $"{(i / 1500 * 4) + 2:0000000000}")] = Record;
        }

        return entries;
    }
}
