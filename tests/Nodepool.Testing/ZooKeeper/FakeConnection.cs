using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>The fake server's side of one connection. Messages go out in the order in which they are put, and never wait.</summary>
internal sealed class FakeConnection(Stream stream, string server)
{
    private readonly JuteWriter _writer = new("");

    /// <summary>Which server the client has called.</summary>
    public string Server { get; } = server;

    public FakeSession? Session { get; set; }

    /// <summary>The roots of its recursive watches: a server forgets them with the connection.</summary>
    public HashSet<string> Watches { get; } = new(StringComparer.Ordinal);

    public bool IsClosed { get; private set; }

    public bool Watched(string path) =>
        Watches.Any(root => root == "/" || path == root || path.StartsWith(root + "/", StringComparison.Ordinal));

    /// <summary>Sends one frame.</summary>
    /// <param name="write">Writes it.</param>
    /// <param name="bytes">How many of its bytes, length included, are sent.</param>
    public void Send(Action<JuteWriter> write, int bytes = int.MaxValue)
    {
        if (IsClosed)
        {
            return;
        }

        var frame = _writer.BeginFrame();
        write(_writer);
        _writer.EndFrame(frame);
        SendRaw(_writer.Written[..Math.Min(bytes, _writer.Length)]);
        _writer.Clear();
    }

    public void SendRaw(ReadOnlyMemory<byte> bytes)
    {
        var sent = stream.WriteAsync(bytes);
        if (!sent.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The connection in memory made its writer wait.");
        }
    }

    public void Close()
    {
        IsClosed = true;
        stream.Dispose();
    }
}
