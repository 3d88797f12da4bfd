using CsCheck;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Tests.State.ZooKeeper;

public sealed class JuteTests
{
    [Fact]
    public void AnyValues_WrittenAndRead_AreTheSame() => Gen.Select(
        Gen.Int, Gen.Long, Gen.Bool, Gen.Byte.Array[0, 300], Gen.String, Gen.String.Array[0, 9])
        .Sample((number, large, flag, bytes, text, texts) =>
        {
            var writer = new JuteWriter("");
            var frame = writer.BeginFrame();
            writer.WriteInt(number);
            writer.WriteLong(large);
            writer.WriteBool(flag);
            writer.WriteBuffer(bytes);
            writer.WriteString(text);
            writer.WriteInt(texts.Length);
            Array.ForEach(texts, writer.WriteString);
            var length = writer.EndFrame(frame);

            var reader = new JuteReader(writer.Written.Span, "");
            Assert.Equal(length, reader.ReadInt());
            Assert.Equal(length, reader.Remaining);
            Assert.Equal((number, large, flag), (reader.ReadInt(), reader.ReadLong(), reader.ReadBool()));
            Assert.Equal(bytes, reader.ReadBuffer());
            Assert.Equal(Utf8(text), reader.ReadString());
            Assert.Equal(texts.Select(Utf8), reader.ReadStrings());
            Assert.Equal(0, reader.Remaining);
        });

    [Fact]
    public void Stat_WrittenAndRead_IsTheSame()
    {
        var stat = new NodeStat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        var writer = new JuteWriter("");
        stat.Write(writer);

        var reader = new JuteReader(writer.Written.Span, "");
        Assert.Equal(stat, NodeStat.Read(ref reader));
    }

    [Theory]
    [InlineData("", "/a/b", "/a/b")]
    [InlineData("/c", "/a", "/c/a")]
    [InlineData("/c/d", "/", "/c/d")]
    public void Path_WithAChroot_IsBelowItOnTheWire(string chroot, string path, string onTheWire)
    {
        var writer = new JuteWriter(chroot);
        writer.WritePath(path);

        var raw = new JuteReader(writer.Written.Span, "");
        var reader = new JuteReader(writer.Written.Span, chroot);
        Assert.Equal(onTheWire, raw.ReadString());
        Assert.Equal(path, reader.ReadPath());
    }

    [Fact]
    public void Path_OutsideTheChroot_IsRefused()
    {
        var writer = new JuteWriter("");
        writer.WriteString("/chrooted/a");

        Assert.Throws<JuteException>(() =>
        {
            var reader = new JuteReader(writer.Written.Span, "/chroot");
            reader.ReadPath();
        });
    }

    /// <summary>Whatever a server sends, a message is understood or refused: nothing else is thrown, and no memory is taken that the bytes do not fill.</summary>
    [Fact]
    public void AnyBytes_AsAMessage_AreUnderstoodOrRefused() => Messages.Sample(
        (message, request) =>
        {
            var (queue, ticket) = (new RequestQueue(10, 10), new SessionTicket(TimeProvider.System, TimeSpan.FromSeconds(1)));
            queue.Add(request);
            Assert.NotNull(queue.Take());
            try
            {
                new MessageDispatch(queue, ticket, new ClientSetup(), "").Handle(message);
            }
            catch (JuteException)
            {
                // Refused: the connection would be given up.
            }
        },
        iter: 20_000,
        threads: 1);

    private static readonly Gen<byte[]> Bodies = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        from numbers in Gen.OneOf(Gen.Int[-3, 30], Gen.Int).Array[0, 40] select numbers.SelectMany(BigEndian).ToArray());

    private static readonly Gen<Request> AnyRequest = Gen.Int[0, 7].Select<int, Request>(kind => kind switch
    {
        0 => Requests.Single(new Operation.Create("/a", default, CreateMode.Persistent)),
        1 => Requests.Single(new Operation.SetData("/a", default, 0)),
        2 => Requests.Multi([new Operation.Check("/a", 0), new Operation.Delete("/a", 0)]),
        3 => Requests.GetData("/a"),
        4 => Requests.GetChildren("/a"),
        5 => Requests.Exists("/a"),
        6 => Requests.ReadMany(["/a", "/b"], withChildren: true),
        _ => Requests.WatchRecursively("/a"),
    });

    private static readonly Gen<(byte[], Request)> Messages =
        from request in AnyRequest
        from xid in Gen.OneOf(Gen.Const(1), Gen.Const(-1), Gen.Int[-9, 3])
        from error in Gen.OneOf(Gen.Const(0), Gen.Int[-130, 0])
        from body in Bodies
        from cut in Gen.Int[0, 16]
        select (cut < 15 ? [.. BigEndian(xid), 0, 0, 0, 0, 0, 0, 0, 9, .. BigEndian(error), .. body] : body, request);

    private static byte[] BigEndian(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];

    // Half a surrogate pair cannot be written as UTF-8.
    private static string Utf8(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
