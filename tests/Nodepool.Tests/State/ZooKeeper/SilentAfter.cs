using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Tests.State.ZooKeeper;

/// <summary>A server that refuses connections at first and from some time on does not even do that.</summary>
internal sealed class SilentAfter(TimeProvider time, TimeSpan after) : IDialer
{
    private readonly DateTimeOffset _silentFrom = time.GetUtcNow() + after;

    public async ValueTask<Stream> DialAsync(ServerAddress server, CancellationToken ct)
    {
        if (time.GetUtcNow() >= _silentFrom)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
        }

        throw new IOException("Connection refused");
    }
}
