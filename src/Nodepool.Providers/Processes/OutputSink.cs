using System.Text;

namespace Nodepool.Providers.Processes;

/// <summary>Takes what a child writes: to its log, the tail, the captured output and the listener.</summary>
internal sealed class OutputSink : IDisposable
{
    private readonly Lock _gate = new();
    private readonly OutputTail _tail = new();
    private readonly MemoryStream _captured = new();
    private readonly List<byte> _line = [];
    private readonly ProcessOrder _order;
    private FileStream? _log;
    private string? _logFault;
    private bool _closed;

    public OutputSink(ProcessOrder order)
    {
        _order = order;
        if (order.LogPath is { } log)
            _log = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>The last lines, and why the log is incomplete if it is.</summary>
    public string LastLines
    {
        get
        {
            lock (_gate)
            {
                return _logFault is null ? _tail.ToString() : $"{_tail}\n(the log {_order.LogPath} is incomplete: {_logFault})".Trim();
            }
        }
    }

    /// <summary>Standard output as captured.</summary>
    public string Captured
    {
        get
        {
            lock (_gate)
            {
                return Encoding.UTF8.GetString(_captured.GetBuffer(), 0, (int)_captured.Length);
            }
        }
    }

    /// <summary>Reads until the end of the stream, on a thread of its own: reads of pipes block, and must not take the pool's threads.</summary>
    public Task PumpAsync(Stream stream, bool capture) =>
        Task.Factory.StartNew(() => Pump(stream, capture), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Ends the taking; a pump that still reads (a background process holds the pipe) throws away what comes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _log?.Dispose();
            _log = null;
        }
    }

    private void Pump(Stream stream, bool capture)
    {
        var buffer = new byte[16 * 1024];
        var cover = _order.Cover is { } function ? new LineCover(function) : null;
        try
        {
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                Take(cover is null ? buffer.AsSpan(0, read) : cover.Take(buffer.AsSpan(0, read)), capture);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe was closed under the reader after its process had ended.
        }

        Take(cover is null ? [] : cover.Finish(), capture);
    }

    private void Take(ReadOnlySpan<byte> chunk, bool capture)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (capture)
                _captured.Write(chunk);
            else
                _tail.Append(chunk);
            WriteLog(chunk);
            if (_order.OnLine is { } onLine)
                TakeLines(chunk, onLine);
        }
    }

    private void WriteLog(ReadOnlySpan<byte> chunk)
    {
        try
        {
            _log?.Write(chunk);
        }
        catch (IOException e)
        {
            // A full disk must not stop the reading: the child would hang on a full pipe.
            _logFault = e.Message;
            _log?.Dispose();
            _log = null;
        }
    }

    private void TakeLines(ReadOnlySpan<byte> chunk, Action<string> onLine)
    {
        foreach (var value in chunk)
        {
            if (value != '\n')
            {
                _line.Add(value);
                continue;
            }

            onLine(Encoding.UTF8.GetString([.. _line]));
            _line.Clear();
        }
    }
}
