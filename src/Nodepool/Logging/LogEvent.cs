namespace Nodepool.Logging;

/// <summary>One event on its way to the log.</summary>
/// <param name="Time">When it was logged.</param>
/// <param name="Level">How bad it is.</param>
/// <param name="Category">Name of the logger.</param>
/// <param name="Message">The finished sentence.</param>
/// <param name="Fields">Values of the message's template by name: <c>Node</c>, <c>Request</c>, <c>Image</c>, <c>Provider</c> …</param>
/// <param name="Exception">What was caught, or null.</param>
internal readonly record struct LogEvent(
    DateTimeOffset Time,
    LogLevel Level,
    string Category,
    string Message,
    IReadOnlyList<KeyValuePair<string, object?>> Fields,
    Exception? Exception);
