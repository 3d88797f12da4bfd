using System.Net;
using System.Net.Sockets;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Local.Instances;

/// <summary>Chooses the address on which an instance's ssh is reached.</summary>
/// <param name="addresses">Where containers get theirs from.</param>
/// <param name="isFree">Whether this host lets somebody listen there.</param>
internal sealed class Endpoints(AddressBlock addresses, Func<string, int, bool> isFree)
{
    /// <summary>Virtual machines share this address and differ by their port.</summary>
    public const string VmAddress = "127.0.0.1";

    /// <summary>Ports of virtual machines: below those that Linux gives to outgoing connections, above well-known ones.</summary>
    public const int FirstPort = 20000;

    /// <summary>Number of ports from <see cref="FirstPort"/> on.</summary>
    public const int PortCount = 10000;

    private const int MostTries = 500;

    // 22 belongs to root, and to a host's sshd where that listens on all addresses.
    private static readonly int[] ContainerPorts = [22, 2222, 22022];

    /// <summary>A free address.</summary>
    /// <param name="kind">What will listen there.</param>
    /// <param name="taken">Addresses that instances have, also stopped ones.</param>
    /// <param name="chance">A number in [0, 1): where to begin, so that a fresh node seldom gets the address of the one just deleted.</param>
    /// <exception cref="ProviderException"><see cref="ProviderFault.CapacityUnavailable"/>: none is free.</exception>
    public (string Address, int Port) Choose(LocalKind kind, IReadOnlySet<(string Address, int Port)> taken, double chance) =>
        kind == LocalKind.Vm ? ChoosePort(taken, chance) : ChooseAddress(taken, chance);

    /// <summary>Whether somebody can listen on an address now.</summary>
    public static bool CanListen(string address, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private (string Address, int Port) ChoosePort(IReadOnlySet<(string Address, int Port)> taken, double chance)
    {
        var first = (int)(chance * PortCount);
        for (var i = 0; i < MostTries; i++)
        {
            var port = FirstPort + ((first + i) % PortCount);
            if (!taken.Contains((VmAddress, port)) && isFree(VmAddress, port))
                return (VmAddress, port);
        }

        throw new ProviderException(
            ProviderFault.CapacityUnavailable,
            $"no free port was found on {VmAddress} between {FirstPort} and {FirstPort + PortCount - 1} in {MostTries} tries; see what listens there: ss -ltn");
    }

    private (string Address, int Port) ChooseAddress(IReadOnlySet<(string Address, int Port)> taken, double chance)
    {
        var used = taken.Select(each => each.Address).ToHashSet(StringComparer.Ordinal);
        var first = (uint)(chance * addresses.Size);
        for (var i = 0u; i < Math.Min(addresses.Size, MostTries); i++)
        {
            if (addresses.At(first + i) is { } address && !used.Contains(address))
            {
                foreach (var port in ContainerPorts)
                {
                    if (isFree(address, port))
                        return (address, port);
                }
            }
        }

        throw new ProviderException(
            ProviderFault.CapacityUnavailable, $"no free address was found in {addresses}; give the provider a larger 'address-base' or fewer 'max-servers'");
    }
}
