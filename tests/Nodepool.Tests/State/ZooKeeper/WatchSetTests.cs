using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Tests.State.ZooKeeper;

public sealed class WatchSetTests
{
    [Fact]
    public void ManyWatches_SetAgain_GoInFramesThatServersTake()
    {
        var watches = new WatchSet();
        var paths = Enumerable.Range(0, 20_000).Select(i => $"/nodepool/some/longer/path/{i:D10}").ToList();
        paths.ForEach(watches.Add);
        var writer = new JuteWriter("/chroot");

        watches.WriteTo(writer, 77);

        var set = new List<string>();
        var frames = 0;
        var reader = new JuteReader(writer.Written.Span, "/chroot");
        while (reader.Remaining > 0)
        {
            frames++;
            Assert.InRange(reader.ReadInt(), 1, 200 * 1024);
            Assert.Equal((-8, 105, 77L), (reader.ReadInt(), reader.ReadInt(), reader.ReadLong()));
            Assert.Equal([0, 0, 0, 0], [reader.ReadInt(), reader.ReadInt(), reader.ReadInt(), reader.ReadInt()]);
            var count = reader.ReadInt();
            for (var i = 0; i < count; i++)
            {
                set.Add(reader.ReadPath());
            }
        }

        Assert.Equal(paths, set);
        Assert.InRange(frames, 6, 10);
    }

    [Fact]
    public void NoWatches_SetAgain_WriteNothing()
    {
        var writer = new JuteWriter("");

        new WatchSet().WriteTo(writer, 1);

        Assert.Equal(0, writer.Length);
    }
}
