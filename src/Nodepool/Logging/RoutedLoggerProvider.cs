using Nodepool.Logging.Python;

namespace Nodepool.Logging;

/// <summary>Makes loggers as a log configuration of Python has them. A file that several handlers name is opened once.</summary>
/// <param name="config">The configuration.</param>
/// <param name="usual">The format of handlers that have none.</param>
/// <param name="standardOutput">Standard output.</param>
/// <param name="standardError">Standard error.</param>
/// <param name="time">The clock.</param>
internal sealed class RoutedLoggerProvider(PythonLogging config, ILogFormat usual, TextWriter standardOutput, TextWriter standardError, TimeProvider time) : ILoggerProvider
{
    private readonly Dictionary<string, LogFile> _files = new(StringComparer.Ordinal);

    /// <summary>Opens all files now, so that one that cannot be written is told at the start.</summary>
    /// <exception cref="IOException">One cannot be opened; <see cref="UnauthorizedAccessException"/> likewise.</exception>
    public void OpenFiles()
    {
        foreach (var path in config.Handlers.Values.Select(handler => handler.File).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            _files.Add(path, new LogFile(path));
        }
    }

    public ILogger CreateLogger(string categoryName)
    {
        var (least, handlers) = config.RouteOf(categoryName);
        return new RoutedLogger(least, [.. handlers.Where(handler => handler.Kind != PythonHandlerKind.None)
            .Select(handler => (handler.Level, new LineLogger(categoryName, handler.Format ?? usual, Writer(handler), time)))]);
    }

    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private TextWriter Writer(PythonHandler handler) => handler.Kind switch
    {
        PythonHandlerKind.File => _files[handler.File!],
        PythonHandlerKind.StandardOutput => standardOutput,
        _ => standardError,
    };
}
