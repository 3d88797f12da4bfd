using System.Buffers.Binary;
using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>
/// A ZooKeeper ensemble in memory, which speaks the protocol and does with each request what a test wants: the client's only way to it are its
/// bytes. Sessions end only when the test says so.
/// </summary>
/// <param name="time">The clock of the times in nodes.</param>
internal sealed class FakeZooKeeper(TimeProvider time) : IDialer
{
    private readonly Lock _gate = new();
    private readonly FakeTree _tree = new();
    private readonly Dictionary<long, FakeSession> _sessions = [];
    private readonly List<FakeConnection> _connections = [];
    private readonly List<OpCode> _seen = [];
    private long _zxid = 100;
    private long _lastSession = 0x1000;

    /// <summary>What is done with a request; it is asked once for each, pings left out.</summary>
    public Func<OpCode, FakeAnswer>? Script { get; set; }

    /// <summary>Servers, <c>host:port</c>, that do not take connections at the moment.</summary>
    public HashSet<string> Down { get; } = new(StringComparer.Ordinal);

    /// <summary>Called with every server that a client calls.</summary>
    public Action<string>? Called { get; set; }

    /// <summary>Takes everything and says nothing, as a host that has lost its network.</summary>
    public bool IsMute { get; set; }

    /// <summary>Called with every ping, before it is answered.</summary>
    public Action? Pinged { get; set; }

    /// <summary>The time limit that it grants.</summary>
    public int TimeoutMs { get; set; } = 10_000;

    /// <summary>The requests that came so far, without pings.</summary>
    public IReadOnlyList<OpCode> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Who is connected, by the server it called.</summary>
    public IReadOnlyList<string> Connected
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections.Where(one => !one.IsClosed && one.Session is not null).Select(one => one.Server)];
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> DialAsync(ServerAddress server, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            Called?.Invoke(server.ToString());
            if (Down.Contains(server.ToString()))
            {
                throw new IOException("connection refused");
            }

            var (theirs, ours) = DuplexPipe.Pair();
            var connection = new FakeConnection(ours, server.ToString());
            _connections.Add(connection);
            _ = ServeAsync(connection, new FrameReader(ours, int.MaxValue));
            return new ValueTask<Stream>(theirs);
        }
    }

    /// <summary>What another client does: it is told to those who watch.</summary>
    public OperationResult[] Apply(params Operation[] operations)
    {
        lock (_gate)
        {
            return Commit(operations, 0);
        }
    }

    public FakeNode? Find(string path)
    {
        lock (_gate)
        {
            return _tree.Find(path);
        }
    }

    /// <summary>Ends a session: its ephemeral nodes go, its client learns it at its next connection.</summary>
    public void Expire(long session)
    {
        lock (_gate)
        {
            if (_sessions.Remove(session, out var expired))
            {
                Commit(_tree.OwnedBy(session).ConvertAll<Operation>(path => new Operation.Delete(path, Operation.AnyVersion)), session);
                expired.Connection?.Close();
            }
        }
    }

    /// <summary>Closes all connections.</summary>
    public void Sever()
    {
        lock (_gate)
        {
            _connections.ForEach(connection => connection.Close());
            _connections.Clear();
        }
    }

    private async Task ServeAsync(FakeConnection connection, FrameReader frames)
    {
        try
        {
            Greet(connection, (await frames.ReadAsync(CancellationToken.None)).Span);
            while (!connection.IsClosed)
            {
                Handle(connection, (await frames.ReadAsync(CancellationToken.None)).Span);
            }
        }
        catch (IOException)
        {
            connection.Close();
        }
    }

    private void Greet(FakeConnection connection, ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame, "");
        _ = reader.ReadInt();
        _ = reader.ReadLong();
        _ = reader.ReadInt();
        var id = reader.ReadLong();
        var password = reader.ReadBuffer();
        lock (_gate)
        {
            if (id == 0)
            {
                id = ++_lastSession;
                _zxid++;
                password = new byte[16];
                BinaryPrimitives.WriteInt64BigEndian(password, id * 31);
                _sessions.Add(id, new FakeSession(id, password));
            }

            var session = _sessions.GetValueOrDefault(id) is { } known && known.Password.AsSpan().SequenceEqual(password) ? known : null;
            connection.Session = session;
            if (session is not null)
            {
                session.Connection?.Close();
                session.Connection = connection;
            }

            connection.Send(writer =>
            {
                writer.WriteInt(0);
                writer.WriteInt(session is null ? 0 : TimeoutMs);
                writer.WriteLong(session?.Id ?? 0);
                writer.WriteBuffer(session?.Password ?? new byte[16]);
                writer.WriteBool(false);
            });
            if (session is null)
            {
                connection.Close();
            }
        }
    }

    private void Handle(FakeConnection connection, ReadOnlySpan<byte> frame)
    {
        var reader = new JuteReader(frame, "");
        var xid = reader.ReadInt();
        var op = (OpCode)reader.ReadInt();
        lock (_gate)
        {
            if (connection.IsClosed || IsMute)
            {
                return;
            }

            if (op == OpCode.Ping)
            {
                Pinged?.Invoke();
                Reply(connection, xid, ErrorCode.Ok, _ => { }, FakeAnswer.Right);
                return;
            }

            _seen.Add(op);
            var answer = op == OpCode.SetWatches2 ? FakeAnswer.Right : Script?.Invoke(op) ?? FakeAnswer.Right;
            if (answer == FakeAnswer.CloseBefore)
            {
                connection.Close();
                return;
            }

            var (error, body) = FakeRequest.Execute(op, ref reader, connection, _tree, operations => Commit(operations, connection.Session!.Id));
            Reply(connection, xid, error, body, answer);
            if (op == OpCode.CloseSession)
            {
                Expire(connection.Session!.Id);
            }
        }
    }

    private void Reply(FakeConnection connection, int xid, ErrorCode error, Action<JuteWriter> body, FakeAnswer answer)
    {
        void Write(JuteWriter writer)
        {
            writer.WriteInt(answer == FakeAnswer.WrongXid ? xid + 1 : xid);
            writer.WriteLong(_zxid);
            writer.WriteInt((int)error);
            if (answer == FakeAnswer.Garbage)
            {
                writer.WriteInt(-77);
            }
            else
            {
                body(writer);
            }
        }

        switch (answer)
        {
            case FakeAnswer.Silence:
                break;
            case FakeAnswer.CloseAfter:
                connection.Close();
                break;
            case FakeAnswer.Truncated:
                connection.Send(Write, 11);
                connection.Close();
                break;
            case FakeAnswer.Endless:
                connection.SendRaw(new byte[] { 0x7f, 0xff, 0xff, 0xff, 0, 0 });
                break;
            default:
                connection.Send(Write);
                break;
        }
    }

    private OperationResult[] Commit(IReadOnlyList<Operation> operations, long session)
    {
        var events = new List<WatchEvent>();
        var results = _tree.Apply(operations, ++_zxid, time.GetUtcNow().ToUnixTimeMilliseconds(), session, events);
        foreach (var happening in events)
        {
            foreach (var connection in _connections.Where(one => one.Watched(happening.Path)))
            {
                connection.Send(writer =>
                {
                    writer.WriteInt(MessageId.Event);
                    writer.WriteLong(-1);
                    writer.WriteInt(0);
                    writer.WriteInt((int)happening.Kind);
                    writer.WriteInt(3);
                    writer.WriteString(happening.Path);
                });
            }
        }

        return results;
    }
}
