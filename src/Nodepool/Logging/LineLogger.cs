using System.Text;

namespace Nodepool.Logging;

/// <summary>A logger of one category that writes finished lines.</summary>
internal sealed class LineLogger(string category, ILogFormat format, TextWriter writer, TimeProvider time) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var fields = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        var text = new StringBuilder(200);
        format.Append(text, new LogEvent(time.GetLocalNow(), logLevel, category, formatter(state, exception), fields, exception));
        Write(text);
    }

    private void Write(StringBuilder text)
    {
        try
        {
            // The writer is shared by all categories; a line goes out whole.
            lock (writer)
            {
                writer.Write(text);
                writer.Flush();
            }
        }
        catch (IOException)
        {
            // Whoever read our log has gone: nodes must be served all the same.
        }
    }
}
