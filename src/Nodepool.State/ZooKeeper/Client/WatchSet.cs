namespace Nodepool.State.ZooKeeper.Client;

/// <summary>The watches that a session should have: set again on every new connection, because a server forgets them with the old one.</summary>
internal sealed class WatchSet
{
    // A frame of a megabyte is refused by servers; the paths of many watches are longer than that together.
    private const int ChunkBytes = 128 * 1024;

    private const int Xid = MessageId.SetWatches;

    private readonly Lock _gate = new();
    private readonly SortedSet<string> _recursive = new(StringComparer.Ordinal);

    public void Add(string path)
    {
        lock (_gate)
        {
            _recursive.Add(path);
        }
    }

    /// <summary>Writes the frames that set them again.</summary>
    public void WriteTo(JuteWriter writer, long lastZxid)
    {
        var chunk = new List<string>();
        var bytes = 0;
        foreach (var path in Snapshot())
        {
            if (bytes + path.Length > ChunkBytes && chunk.Count > 0)
            {
                WriteFrame(chunk, writer, lastZxid);
                chunk.Clear();
                bytes = 0;
            }

            chunk.Add(path);
            bytes += path.Length + sizeof(int);
        }

        if (chunk.Count > 0)
        {
            WriteFrame(chunk, writer, lastZxid);
        }
    }

    private static void WriteFrame(List<string> recursive, JuteWriter writer, long lastZxid)
    {
        var frame = writer.BeginFrame();
        writer.WriteInt(Xid);
        writer.WriteInt((int)OpCode.SetWatches2);
        writer.WriteLong(lastZxid);
        // Data, existence, children, persistent: kinds that this client does not use.
        for (var kind = 0; kind < 4; kind++)
        {
            writer.WriteInt(0);
        }

        writer.WriteInt(recursive.Count);
        recursive.ForEach(writer.WritePath);
        writer.EndFrame(frame);
    }

    private string[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _recursive];
        }
    }
}
