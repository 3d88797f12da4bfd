using System.IO.Pipelines;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>One end of a connection in memory.</summary>
internal sealed class DuplexPipe : Stream
{
    private readonly PipeReader _input;
    private readonly PipeWriter _output;

    private DuplexPipe(PipeReader input, PipeWriter output) => (_input, _output) = (input, output);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The two ends.</summary>
    public static (DuplexPipe One, DuplexPipe Other) Pair()
    {
        // Writing never waits, as with a socket that has room.
        var there = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var back = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        return (new DuplexPipe(back.Reader, there.Writer), new DuplexPipe(there.Reader, back.Writer));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await _input.ReadAsync(cancellationToken);
        var available = result.Buffer;
        var count = (int)Math.Min(buffer.Length, available.Length);
        var taken = available.Slice(0, count);
        foreach (var segment in taken)
        {
            segment.Span.CopyTo(buffer.Span);
            buffer = buffer[segment.Length..];
        }

        _input.AdvanceTo(taken.End);
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var result = await _output.WriteAsync(buffer, cancellationToken);
        if (result.IsCompleted)
        {
            throw new IOException("the other side has closed the connection");
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // As with a socket, the other side can still write and does not learn that nobody reads.
            _output.Complete();
            _input.CancelPendingRead();
        }

        base.Dispose(disposing);
    }
}
