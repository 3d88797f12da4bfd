using System.Runtime.CompilerServices;
using System.Threading.Channels;
using NetMQ;
using NetMQ.Sockets;
using Nodepool.Core.Launching;

namespace Nodepool.JobEvents;

/// <summary>Job events over ZeroMQ. Each publisher has a thread of its own, because sockets of ZeroMQ belong to threads; they connect anew by themselves.</summary>
internal sealed class ZmqJobEvents : IJobEvents
{
    /// <summary>How soon the end of the listening is noticed.</summary>
    private static readonly TimeSpan Receive = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of a message; a publisher that sends more is disconnected.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>Messages that wait for the store; a publisher that sends more loses them, as it would with a slow connection.</summary>
    private const int MostWaiting = 10_000;

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListenAsync(string endpoint, [EnumeratorCancellation] CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var messages = Channel.CreateBounded<string>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleWriter = true, SingleReader = true });
        var thread = new Thread(() => Run(endpoint, messages.Writer, end.Token)) { IsBackground = true, Name = $"job events of {endpoint}" };
        thread.Start();
        try
        {
            await foreach (var message in messages.Reader.ReadAllAsync(ct))
            {
                yield return message;
            }
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    private static void Run(string endpoint, ChannelWriter<string> messages, CancellationToken ct)
    {
        try
        {
            using var socket = new SubscriberSocket();
            socket.Options.MaxMsgSize = MostBytes;
            socket.Options.Linger = TimeSpan.Zero;
            socket.SubscribeToAnyTopic();
            socket.Connect(endpoint);
            while (!ct.IsCancellationRequested)
            {
                List<string>? frames = null;
                if (socket.TryReceiveMultipartStrings(Receive, ref frames) && frames is not null)
                {
                    messages.TryWrite(string.Join(' ', frames));
                }
            }

            messages.Complete();
        }
#pragma warning disable CA1031 // The only place that a thread's exception can go to: whoever reads the messages throws it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            messages.Complete(e is NetMQException or ArgumentException or UriFormatException ? new FormatException($"'{endpoint}' cannot be connected to: {e.Message}; addresses are like tcp://HOST:PORT", e) : e);
        }
    }
}
