using Nodepool.Core.Providers;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace Nodepool.Providers.Scanning;

/// <summary>One ssh key exchange that ends as soon as the server has shown its host key; it never tries to log in.</summary>
internal static class KeyExchange
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads the host key of one type.</summary>
    /// <remarks>
    /// The library waits with blocked threads, so each exchange gets a thread of its own; it ends within the timeout, also after a cancellation.
    /// </remarks>
    public static Task<HostKeyAnswer> ReadAsync(NodeScanOrder order, HostKeyType type, CancellationToken ct) =>
        Task.Factory.StartNew(() => Read(order, type), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(ct);

    private static HostKeyAnswer Read(NodeScanOrder order, HostKeyType type)
    {
        string? key = null;
        try
        {
            var connection = new ConnectionInfo(order.Host, order.Port, "nodepool", new NoneAuthenticationMethod("nodepool"))
            {
                Timeout = order.Timeout < Patience ? order.Timeout : Patience,
            };
            foreach (var other in connection.HostKeyAlgorithms.Keys.Except(type.Algorithms).ToList())
            {
                connection.HostKeyAlgorithms.Remove(other);
            }

            using var client = new SshClient(connection);
            client.HostKeyReceived += (_, shown) =>
            {
                key = $"{type.Name} {Convert.ToBase64String(shown.HostKey)}";
                shown.CanTrust = false;
            };
            client.Connect();
            return new(key, Failure: "the server showed no host key");
        }
        catch (Exception e)
        {
            // Refusing the key that we wanted to see is how the exchange ends well. Besides, what a strange server sends can make
            // the library throw anything; all of it says no more than that this exchange failed.
            var isLacking = e is SshConnectionException { DisconnectReason: DisconnectReason.KeyExchangeFailed };
            return key is null ? new(null, isLacking, e.Message) : new(key);
        }
    }
}
