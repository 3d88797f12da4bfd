using Nodepool.Core.Providers;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Instances;

namespace Nodepool.Tests.Providers.Local;

public sealed class EndpointsTests
{
    private static readonly HashSet<(string, int)> Nothing = [];

    [Fact]
    public void Port_Chosen_IsNeitherRecordedNorInUse()
    {
        var endpoints = new Endpoints(AddressBlock.Default, (_, port) => port != 20001);

        Assert.Equal(("127.0.0.1", 20002), endpoints.Choose(LocalKind.Vm, new HashSet<(string, int)> { ("127.0.0.1", 20000) }, 0));
    }

    [Fact]
    public void Port_BeyondTheLast_StartsAgain()
    {
        var endpoints = new Endpoints(AddressBlock.Default, (_, port) => port != 29999);

        Assert.Equal(("127.0.0.1", 20000), endpoints.Choose(LocalKind.Vm, Nothing, 0.99999));
    }

    [Theory]
    [InlineData(LocalKind.Vm, "ss -ltn")]
    [InlineData(LocalKind.Container, "address-base")]
    public void Endpoint_WhenNoneIsFree_IsAFaultWithARemedy(LocalKind kind, string remedy)
    {
        var fault = Assert.Throws<ProviderException>(() => new Endpoints(AddressBlock.Default, (_, _) => false).Choose(kind, Nothing, 0.3));

        Assert.Equal(ProviderFault.CapacityUnavailable, fault.Fault);
        Assert.Contains(remedy, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Address_Chosen_IsUnlikeAllRecordedOnesAndNoNetworkAddress()
    {
        var endpoints = new Endpoints(AddressBlock.Default, (_, _) => true);

        Assert.Equal(("127.77.0.1", 22), endpoints.Choose(LocalKind.Container, Nothing, 0));
        Assert.Equal(("127.77.0.2", 22), endpoints.Choose(LocalKind.Container, new HashSet<(string, int)> { ("127.77.0.1", 2222) }, 0));
    }

    [Fact]
    public void Address_WherePort22IsForbidden_GetsAnother()
    {
        var endpoints = new Endpoints(AddressBlock.Default, (_, port) => port > 1024);

        Assert.Equal(("127.77.128.1", 2222), endpoints.Choose(LocalKind.Container, Nothing, 0.5));
    }

    [Fact]
    public void Addresses_OfASmallBlock_AreAllGivenOut()
    {
        Assert.True(AddressBlock.TryParse("127.90.0.248/29", out var block));
        var endpoints = new Endpoints(block, (_, _) => true);
        var taken = new HashSet<(string, int)>();
        for (var i = 0; i < 7; i++)
        {
            taken.Add(endpoints.Choose(LocalKind.Container, taken, 0.6));
        }

        Assert.Equal(Enumerable.Range(248, 7).Select(last => ($"127.90.0.{last}", 22)), taken.Order());
        Assert.Throws<ProviderException>(() => endpoints.Choose(LocalKind.Container, taken, 0.6));
    }
}
