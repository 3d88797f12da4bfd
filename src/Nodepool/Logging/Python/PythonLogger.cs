namespace Nodepool.Logging.Python;

/// <summary>What a log configuration says of one logger.</summary>
/// <param name="Level">The least level; null leaves it to the logger above.</param>
/// <param name="Handlers">Names of the handlers that its lines go to.</param>
/// <param name="Propagates">They go to the handlers of the loggers above as well.</param>
internal sealed record PythonLogger(LogLevel? Level, IReadOnlyList<string> Handlers, bool Propagates);
