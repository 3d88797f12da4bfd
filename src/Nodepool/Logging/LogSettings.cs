namespace Nodepool.Logging;

/// <summary>What the command line says about logs.</summary>
/// <param name="Level">The least level that is written.</param>
/// <param name="IsJson">JSON lines instead of lines for people.</param>
/// <param name="UseColour">Colours; only for a terminal.</param>
/// <param name="WithDate">The day in lines for people.</param>
/// <param name="WithTraces">Stack traces of exceptions.</param>
internal sealed record LogSettings(LogLevel Level, bool IsJson, bool UseColour, bool WithDate, bool WithTraces)
{
    /// <summary>Loggers that write to <paramref name="writer"/>. Libraries speak only from warnings upwards, unless we debug.</summary>
    public ILoggerFactory Open(TextWriter writer, TimeProvider time)
    {
        ILogFormat format = IsJson ? new JsonLinesFormat(WithTraces) : new PeopleFormat(UseColour, WithDate, WithTraces);
        return LoggerFactory.Create(builder => builder
            .SetMinimumLevel(Level)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // What cannot start says so itself.
            .AddFilter("Microsoft", Level < LogLevel.Information ? LogLevel.Information : LogLevel.Warning)
            .AddProvider(new LineLoggerProvider(format, writer, time)));
    }
}
