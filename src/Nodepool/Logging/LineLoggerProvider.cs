namespace Nodepool.Logging;

/// <summary>Makes the program's loggers.</summary>
internal sealed class LineLoggerProvider(ILogFormat format, TextWriter writer, TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, format, writer, time);

    public void Dispose()
    {
        // The writer belongs to whoever made us.
    }
}
