using NetMQ;
using NetMQ.Sockets;
using Nodepool.JobEvents;

namespace Nodepool.Integration.JobEvents;

/// <summary>Real sockets on loopback.</summary>
public sealed class ZmqJobEventsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publisher_IsHeard_AlsoOneThatComesLaterAndOneThatComesAgain()
    {
        int port;
        using (var probe = new PublisherSocket())
        {
            port = probe.BindRandomPort("tcp://127.0.0.1");
        }

        await using var heard = new ZmqJobEvents().ListenAsync($"tcp://127.0.0.1:{port}", Ct).GetAsyncEnumerator(Ct);
        foreach (var life in new[] { "first", "second" })
        {
            using var publisher = new PublisherSocket();
            await BindAsync(publisher, port);
            Assert.Equal($"onFinalized {life}", await HearAsync(heard, publisher, $"onFinalized {life}"));
        }
    }

    [Fact]
    public async Task Address_ThatIsNone_IsAReasonForPeople()
    {
        await using var heard = new ZmqJobEvents().ListenAsync("ci.example:8888", Ct).GetAsyncEnumerator(Ct);

        var refusal = await Assert.ThrowsAsync<FormatException>(async () => await heard.MoveNextAsync());
        Assert.Contains("addresses are like tcp://HOST:PORT", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A socket that was disposed gives its port back in a moment.</summary>
    private static async Task BindAsync(PublisherSocket publisher, int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                publisher.Bind($"tcp://127.0.0.1:{port}");
                return;
            }
            catch (AddressAlreadyInUseException) when (attempt < 200)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
            }
        }
    }

    /// <summary>A publisher does not know when somebody listens, so it says it until it was heard; what was said by an earlier life may still arrive.</summary>
    private static async Task<string> HearAsync(IAsyncEnumerator<string> heard, PublisherSocket publisher, string message)
    {
        while (true)
        {
            var next = heard.MoveNextAsync().AsTask();
            while (!next.IsCompleted)
            {
                publisher.SendFrame(message);
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct));
            }

            if (await next && heard.Current == message)
            {
                return heard.Current;
            }
        }
    }
}
