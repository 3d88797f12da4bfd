namespace Nodepool.Logging.Python;

/// <summary>Where the lines of some loggers go to.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="File">Its path; only for <see cref="PythonHandlerKind.File"/>.</param>
/// <param name="Level">The least level that it takes.</param>
/// <param name="Format">How a line looks; null as usual.</param>
internal sealed record PythonHandler(PythonHandlerKind Kind, string? File, LogLevel Level, ILogFormat? Format);
