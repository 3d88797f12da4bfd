using Microsoft.Extensions.Logging;

namespace Nodepool.Testing.Simulation;

/// <summary>The log of one process, into the trace. An error with an exception that nobody expects ends the simulation.</summary>
internal sealed class SimLog(SimWorld world, SimProcess process) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(world, process, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Logger(SimWorld world, SimProcess process, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (process.IsDead)
            {
                return;
            }

            world.Trace.Line(process.Name, $"{logLevel.ToString()[..4].ToLowerInvariant()} [{category}] {formatter(state, exception)}{(exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})")}");
            if (exception is InvalidOperationException or NullReferenceException or ArgumentException or KeyNotFoundException or IndexOutOfRangeException)
            {
                world.Fail($"{process.Name} logged an error of the program itself: {exception}");
            }
        }
    }
}
