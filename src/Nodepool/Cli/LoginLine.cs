using System.Globalization;
using Nodepool.Core.Model;

namespace Nodepool.Cli;

/// <summary>How to log in to a node.</summary>
internal static class LoginLine
{
    /// <summary>
    /// The words of the command line. Addresses are used again by later nodes with other host keys: the alias keeps ssh from taking that for
    /// an attack. Kinds of nodes that are not reached by ssh get their kind and address instead.
    /// </summary>
    /// <param name="id">Id of the node.</param>
    /// <param name="node">Its record.</param>
    /// <param name="key">The private key that may log in, if this host has it.</param>
    public static IReadOnlyList<string> Words(string id, NodeRecord node, string? key)
    {
        if (node.ConnectionType is not (null or "ssh" or "network_cli"))
        {
            return [node.ConnectionType, Host(node) ?? ""];
        }

        var port = (node.ConnectionPort.AsNumber() ?? 22).ToString(CultureInfo.InvariantCulture);
        return
        [
            "ssh", "-p", port, .. key is null ? Array.Empty<string>() : ["-i", key],
            "-o", $"HostKeyAlias={Alias(id)}", "-o", "StrictHostKeyChecking=accept-new", $"{node.Username}@{Host(node)}",
        ];
    }

    /// <summary>The name by which the node's host key is remembered.</summary>
    public static string Alias(string id) => $"np{id}";

    /// <summary>Address to connect to.</summary>
    public static string? Host(NodeRecord node) => node.InterfaceIp ?? node.PublicIPv4 ?? node.PrivateIPv4 ?? node.PublicIPv6;
}
