using Nodepool.Logging;
using Nodepool.Logging.Python;

namespace Nodepool.Cli;

/// <summary>Option <c>-l</c>: loggers as a log configuration of Python has them.</summary>
internal static class ConfiguredLogs
{
    /// <summary>Reads the file and opens what it names. What has no meaning here is said on standard error.</summary>
    /// <exception cref="CliException">It cannot be read, or a log cannot be written.</exception>
    public static ILoggerFactory Open(CliWorld world, string file, bool withTraces)
    {
        try
        {
            var config = PythonLogging.Read(file, world.ReadFile(file).Span);
            foreach (var problem in config.Problems)
            {
                world.Error.WriteLine(problem);
            }

            var usual = new PeopleFormat(useColour: false, withDate: true, withTraces);
            var provider = new RoutedLoggerProvider(config, usual, world.Out, world.Error, world.Sources.Time);
            provider.OpenFiles();
            return LoggerFactory.Create(builder => builder
                .SetMinimumLevel(LogLevel.Trace)
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // What cannot start says so itself.
                .AddProvider(provider));
        }
        catch (FormatException e)
        {
            throw new CliException(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"log configuration {file}: {e.Message}");
        }
    }
}
