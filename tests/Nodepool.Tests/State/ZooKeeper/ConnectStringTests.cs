using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Tests.State.ZooKeeper;

public sealed class ConnectStringTests
{
    [Theory]
    [InlineData("zk1", "zk1:2181", "")]
    [InlineData("zk1:2281, zk2 ,zk1:2281", "zk1:2281,zk2:2181", "")]
    [InlineData("zk1:1,zk2:2/a/b/", "zk1:1,zk2:2", "/a/b")]
    [InlineData("zk1/", "zk1:2181", "")]
    [InlineData("[2001:db8::1]:2281,[::1]/c", "[2001:db8::1]:2281,[::1]:2181", "/c")]
    [InlineData("2001:db8::1", "[2001:db8::1]:2181", "")]
    [InlineData("10.0.0.1:2181", "10.0.0.1:2181", "")]
    public void Text_OfServers_IsRead(string text, string servers, string chroot)
    {
        var connect = ConnectString.Parse(text);

        Assert.Equal((servers, chroot), (string.Join(',', connect.Servers), connect.Chroot));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("/chroot")]
    [InlineData("zk1:port")]
    [InlineData("zk1:0")]
    [InlineData("zk1:65536")]
    [InlineData(":2181")]
    [InlineData("[]:2181")]
    [InlineData("[::1]2181")]
    [InlineData("zk1/a//b")]
    public void Text_ThatMakesNoSense_IsRefusedWithItself(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => ConnectString.Parse(text));

        Assert.Contains('"', refusal.Message);
    }

    [Fact]
    public void Servers_InTurn_AreAllTriedBeforeOneIsTriedAgain()
    {
        var random = new Random(1);
        var list = new ServerList(ConnectString.Parse("a,b,c,d").Servers, random.NextDouble);

        for (var round = 0; round < 20; round++)
        {
            var tried = Enumerable.Range(0, 4).Select(i => (list.Next(out var isLast).Host, IsLast: isLast == (i == 3))).ToList();
            Assert.Equal(["a", "b", "c", "d"], tried.Select(one => one.Host).Order());
            Assert.All(tried, one => Assert.True(one.IsLast));
        }
    }
}
