using System.Net;
using System.Net.Sockets;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Compute;

namespace Nodepool.Providers.OpenStack.Networks;

/// <summary>The addresses of a server, sorted by what they are good for, as openstacksdk does it.</summary>
internal sealed record ServerAddresses
{
    /// <summary>IPv4 address that is reached from outside, or null.</summary>
    public string? PublicIPv4 { get; init; }

    /// <summary>IPv4 address inside the cloud, or null.</summary>
    public string? PrivateIPv4 { get; init; }

    /// <summary>IPv6 address that is reached from outside, or null.</summary>
    public string? PublicIPv6 { get; init; }

    /// <summary>The one that clients shall use; null when there is none.</summary>
    public string? Interface { get; init; }

    /// <summary>Sorts the addresses of a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="networks">The networks of the cloud; empty where they are not known.</param>
    /// <param name="access">What clouds.yaml says of networks.</param>
    /// <param name="floating">A floating IP that Nova may not have noticed yet, or null.</param>
    public static ServerAddresses Of(ServerEntry server, IReadOnlyList<NetworkEntry> networks, CloudAccess access, string? floating = null)
    {
        var all = (from network in server.Addresses ?? []
                   let said = access.Networks.FirstOrDefault(each => each.Name == network.Key)
                   let isExternal = networks.Any(each => each.Name == network.Key && each.IsExternal)
                   from address in network.Value
                   orderby said?.IsDefaultInterface ?? false descending
                   select (Address: address, IsRouted: isExternal || Routes(said, address.Version))).ToList();
        var fixedIPv4 = all.Where(each => each.Address is { Version: 4, IsFloating: false }).ToList();
        var fixedIPv6 = all.Where(each => each.Address is { Version: 6, IsFloating: false } && IsGlobal(each.Address.Addr)).Select(each => each.Address.Addr).ToList();

        var publicIPv4 = Text(server.AccessIPv4) ?? floating
            ?? all.FirstOrDefault(each => each.Address is { Version: 4, IsFloating: true }).Address?.Addr
            ?? fixedIPv4.FirstOrDefault(each => each.IsRouted).Address?.Addr
            ?? fixedIPv4.FirstOrDefault(each => IsGlobal(each.Address.Addr)).Address?.Addr;
        var privateIPv4 = fixedIPv4.FirstOrDefault(each => each.Address.Addr != publicIPv4).Address?.Addr;
        var publicIPv6 = access.ForcesIpv4 ? null : Text(server.AccessIPv6) ?? fixedIPv6.FirstOrDefault();
        return new ServerAddresses
        {
            PublicIPv4 = publicIPv4,
            PrivateIPv4 = privateIPv4,
            PublicIPv6 = publicIPv6,
            Interface = (access.PrefersPrivate ? privateIPv4 : null) ?? publicIPv4 ?? publicIPv6 ?? privateIPv4,
        };
    }

    /// <summary>What clouds.yaml says of a network.</summary>
    private static bool Routes(CloudNetwork? said, int version) => said is not null && (version == 4 ? said.RoutesIpv4Externally : said.RoutesIpv6Externally);

    private static string? Text(string? address) => string.IsNullOrEmpty(address) ? null : address;

    private static bool IsGlobal(string text)
    {
        if (!IPAddress.TryParse(text, out var address))
        {
            return false;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? !address.IsIPv6LinkLocal && !address.IsIPv6UniqueLocal && !IPAddress.IsLoopback(address)
            : address.GetAddressBytes() is var bytes && bytes switch
            {
                [10 or 127, ..] or [192, 168, ..] or [169, 254, ..] => false,
                [172, >= 16 and <= 31, ..] or [100, >= 64 and <= 127, ..] => false,
                _ => true,
            };
    }
}
