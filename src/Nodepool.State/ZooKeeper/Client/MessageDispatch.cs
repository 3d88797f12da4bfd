namespace Nodepool.State.ZooKeeper.Client;

/// <summary>Gives every message of a server to whom it is for. Called by the one reader of a connection, in the order of the messages.</summary>
internal sealed class MessageDispatch(RequestQueue queue, SessionTicket ticket, IClientListener listener, string chroot)
{
    /// <summary>Handles one frame.</summary>
    /// <exception cref="JuteException">It cannot be understood, or does not belong here: the connection is of no more use.</exception>
    public void Handle(ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame, chroot);
        var id = reader.ReadInt();
        var zxid = reader.ReadLong();
        var error = (ErrorCode)reader.ReadInt();
        ticket.Heard();
        switch (id)
        {
            case MessageId.Ping:
                ticket.Saw(zxid);
                listener.Answered();
                break;
            case MessageId.Event:
                Tell(ref reader);
                break;
            case MessageId.SetWatches:
                if (error != ErrorCode.Ok)
                {
                    throw new JuteException($"watches could not be set again: {error}");
                }

                break;
            default:
                var request = queue.Answered(id);
                ticket.Saw(zxid);
                request.Answer(error, zxid, ref reader);
                listener.Answered();
                break;
        }
    }

    private void Tell(ref JuteReader reader)
    {
        var kind = (WatchEventKind)reader.ReadInt();
        _ = reader.ReadInt();
        if (kind is WatchEventKind.Created or WatchEventKind.Deleted or WatchEventKind.DataChanged)
        {
            listener.Happened(new WatchEvent(kind, reader.ReadPath()));
        }
    }
}
