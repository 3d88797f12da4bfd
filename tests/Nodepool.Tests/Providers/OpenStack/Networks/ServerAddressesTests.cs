using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Compute;
using Nodepool.Providers.OpenStack.Networks;

namespace Nodepool.Tests.Providers.OpenStack.Networks;

public sealed class ServerAddressesTests
{
    private static readonly CloudAccess Plain = new() { Cloud = "c" };

    [Theory]
    [InlineData("in 10.0.0.1", "10.0.0.1", null, "10.0.0.1", null)]
    [InlineData("in 10.0.0.1, in 203.0.113.5 floating", "203.0.113.5", "203.0.113.5", "10.0.0.1", null)]
    [InlineData("ext 10.9.0.1", "10.9.0.1", "10.9.0.1", null, null)]
    [InlineData("in 10.0.0.1, ext 10.9.0.1", "10.9.0.1", "10.9.0.1", "10.0.0.1", null)]
    [InlineData("in 8.8.8.8", "8.8.8.8", "8.8.8.8", null, null)]
    [InlineData("in 172.32.0.1, in 172.31.0.1", "172.32.0.1", "172.32.0.1", "172.31.0.1", null)]
    [InlineData("in 10.0.0.1, in 2001:db8::1", "2001:db8::1", null, "10.0.0.1", "2001:db8::1")]
    [InlineData("in 10.0.0.1, in fd00::1, in fe80::1", "10.0.0.1", null, "10.0.0.1", null)]
    [InlineData("in 8.8.8.8, in 2001:db8::1", "8.8.8.8", "8.8.8.8", null, "2001:db8::1")]
    [InlineData("", null, null, null, null)]
    public void Addresses_AreSortedByWhatTheyAreGoodFor(string addresses, string? face, string? publicIPv4, string? privateIPv4, string? publicIPv6) => Assert.Equal(
        new ServerAddresses { Interface = face, PublicIPv4 = publicIPv4, PrivateIPv4 = privateIPv4, PublicIPv6 = publicIPv6 }, Sort(addresses, Plain));

    [Fact]
    public void Clouds_SeenFromInside_AreUsedByPrivateAddresses() =>
        Assert.Equal("10.0.0.1", Sort("in 10.0.0.1, in 203.0.113.5 floating", Plain with { PrefersPrivate = true }).Interface);

    [Fact]
    public void ForceIpv4_LeavesIPv6Out() => Assert.Null(Sort("in 10.0.0.1, in 2001:db8::1", Plain with { ForcesIpv4 = true }).PublicIPv6);

    [Fact]
    public void Networks_ThatRouteExternally_CountAsPublic() =>
        Assert.Equal("10.0.0.1", Sort("in 10.0.0.1", Plain with { Networks = [new("in") { RoutesIpv4Externally = true }] }).PublicIPv4);

    [Fact]
    public void Networks_ThatAreTheDefault_ComeFirst() =>
        Assert.Equal("10.2.0.1", Sort("in 10.0.0.1, other 10.2.0.1", Plain with { Networks = [new("other") { IsDefaultInterface = true }] }).Interface);

    [Fact]
    public void AccessIPv4_OfTheServer_WinsOverAll() =>
        Assert.Equal("192.0.2.9", ServerAddresses.Of(Server("in 8.8.8.8") with { AccessIPv4 = "192.0.2.9" }, [], Plain).Interface);

    private static ServerAddresses Sort(string addresses, CloudAccess access) =>
        ServerAddresses.Of(Server(addresses), [new NetworkEntry("1", "ext") { IsExternal = true }, new NetworkEntry("2", "in")], access);

    private static ServerEntry Server(string addresses) => new()
    {
        Id = "s",
        Addresses = addresses.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split(' ')).GroupBy(words => words[0])
            .ToDictionary(group => group.Key, group => group.Select(words =>
                new ServerAddress(words[1], words[1].Contains(':', StringComparison.Ordinal) ? 6 : 4) { Type = words.Length > 2 ? words[2] : "fixed" }).ToList()),
    };
}
