namespace Nodepool.Logging;

/// <summary>A logger of one category whose lines go to several places.</summary>
/// <param name="least">The least level of the category.</param>
/// <param name="places">Where they go to, each with the least level that it takes.</param>
internal sealed class RoutedLogger(LogLevel least, IReadOnlyList<(LogLevel Least, LineLogger Logger)> places) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= least && places.Any(place => logLevel >= place.Least);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        foreach (var (lowest, logger) in logLevel >= least ? places : [])
        {
            if (logLevel >= lowest)
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
