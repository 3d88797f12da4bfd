using System.Text;
using Microsoft.Extensions.Logging;
using Nodepool.Logging;
using Nodepool.Logging.Python;

namespace Nodepool.Tests.Logging;

public sealed class PythonLoggingTests
{
    private const string Yaml =
        """
        version: 1
        formatters:
          simple: {format: '%(asctime)s %(levelname)-7s %(name)s: %(message)s'}
        handlers:
          console: {class: logging.StreamHandler, level: WARNING, stream: ext://sys.stdout}
          file: {class: logging.handlers.WatchedFileHandler, filename: /logs/nodepool.log, formatter: simple}
          images: {class: logging.FileHandler, filename: /logs/images.log}
        loggers:
          nodepool: {level: INFO, handlers: [file]}
          nodepool.builder: {level: DEBUG, handlers: [images], propagate: false}
        root: {level: ERROR, handlers: [console]}
        """;

    private const string Ini =
        """
        [loggers]
        keys=root,nodepool
        [handlers]
        keys=console,file
        [formatters]
        keys=simple
        [logger_root]
        level=WARNING
        handlers=console
        [logger_nodepool]
        level=DEBUG
        handlers=file
        qualname=nodepool
        propagate=0
        [handler_console]
        class=StreamHandler
        args=(sys.stdout,)
        [handler_file]
        class=logging.handlers.TimedRotatingFileHandler
        level=INFO
        formatter=simple
        args=('/logs/nodepool.log', 'midnight', 1, 30,)
        [formatter_simple]
        format=%(levelname)s %(name)s: %(message)s
        """;

    [Theory]
    [InlineData("launcher", LogLevel.Information, "/logs/nodepool.log,StandardOutput")]
    [InlineData("pool cloud/main", LogLevel.Information, "/logs/nodepool.log,StandardOutput")]
    [InlineData("builds", LogLevel.Debug, "/logs/images.log")]
    [InlineData("Microsoft.AspNetCore.Hosting", LogLevel.Error, "StandardOutput")]
    public void Yaml_Categories_GoWhereTheirPythonLoggersWent(string category, LogLevel level, string places) =>
        Assert.Equal((level, places), Route(Read("log.yaml", Yaml), category));

    [Theory]
    [InlineData("launcher", LogLevel.Debug, "/logs/nodepool.log")]
    [InlineData("Microsoft.AspNetCore.Hosting", LogLevel.Warning, "StandardOutput")]
    public void Ini_Categories_GoWhereTheirPythonLoggersWent(string category, LogLevel level, string places)
    {
        var logging = Read("log.conf", Ini);

        Assert.Equal((level, places), Route(logging, category));
        Assert.Equal(LogLevel.Information, logging.Handlers["file"].Level);
        Assert.Equal(
            ["log.conf:19:1: warning: [handler_file] class: the file is not rotated by this program; let logrotate(8) do it, the new file is found at once"], logging.Problems);
    }

    [Theory]
    [InlineData("handlers: {h: {class: logging.handlers.SysLogHandler}}", "log.yaml:1:23: warning: handlers.h.class: there is no handler SysLogHandler here")]
    [InlineData("handlers: {h: {class: logging.FileHandler}}", "needs 'filename'")]
    [InlineData("root: {handlers: [nobody]}", "root.handlers: there is no handler 'nobody' in this file")]
    [InlineData("root: {level: LOUD}", "root.level: DEBUG, INFO, WARNING, ERROR or CRITICAL expected")]
    [InlineData("formatters: {f: {format: '%(funcName)s %(message)s'}}", "formatters.f.format: these fields stay empty here: funcName")]
    [InlineData("filters: {a: {}}", "filters: filters of loggers do nothing here")]
    [InlineData("nonsense: 1", "log.yaml:1:1: warning: nonsense:")]
    public void Yaml_WhatMeansNothingHere_IsALocatedWarning(string yaml, string expected)
    {
        var problem = Assert.Single(Read("log.yaml", yaml).Problems);
        Assert.StartsWith("log.yaml:1:", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("error", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log.yaml", "")]
    [InlineData("log.yaml", "[1")]
    [InlineData("log.json", "3")]
    [InlineData("log.conf", "nonsense")]
    [InlineData("log.conf", "[loggers]")]
    public void Rubbish_IsOneClearError(string file, string text) =>
        Assert.StartsWith(file + ":", Assert.Throws<FormatException>(() => Read(file, text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("launcher", "nodepool.launcher")]
    [InlineData("pool cloud/main", "nodepool.PoolWorker.cloud-main")]
    [InlineData("provider cloud", "nodepool.CleanupWorker.cloud")]
    [InlineData("builds", "nodepool.builder.BuildWorker")]
    [InlineData("web", "nodepool.webapp")]
    [InlineData("nodepool.stack_dump", "nodepool.stack_dump")]
    [InlineData("Nodepool.State.Sqlite.SqliteEngine", "nodepool.zk")]
    [InlineData("Microsoft.AspNetCore", "Microsoft.AspNetCore")]
    public void Names_OfCategories(string category, string name) => Assert.Equal(name, PythonLoggerName.Of(category));

    [Fact]
    public void Format_Fields_AreThoseOfPython()
    {
        var format = new PythonFormat("%(asctime)s %(levelname)-7s|%(levelno)s|%(name)s: %(message)s", out var unknown);
        var text = new StringBuilder();

        format.Append(text, new LogEvent(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero), LogLevel.Warning, "launcher", "two\nlines", [], new IOException("full")));

        Assert.Empty(unknown);
        Assert.Equal("2026-01-02 03:04:05,006 WARNING|30|nodepool.launcher: two\\nlines: full\n", text.ToString());
    }

    [Fact]
    public void Loggers_TwoHandlers_EachTakesItsLevels()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var logging = Read("log.yaml", "{handlers: {a: {class: logging.StreamHandler, level: ERROR}, b: {class: logging.StreamHandler, stream: ext://sys.stdout}}, root: {level: INFO, handlers: [a, b]}}");
        using var provider = new RoutedLoggerProvider(logging, new PeopleFormat(false, false, false), output, error, TimeProvider.System);
        var logger = provider.CreateLogger("launcher");

#pragma warning disable CA1848, CA2254 // A test logs by hand.
        logger.LogDebug("quiet");
        logger.LogInformation("told");
        logger.LogError("loud");
#pragma warning restore CA1848, CA2254

        Assert.Equal((2, 1), (output.ToString().Count(c => c == '\n'), error.ToString().Count(c => c == '\n')));
        Assert.Equal((false, true), (logger.IsEnabled(LogLevel.Debug), logger.IsEnabled(LogLevel.Information)));
    }

    private static PythonLogging Read(string file, string text) => PythonLogging.Read(file, Encoding.UTF8.GetBytes(text));

    private static (LogLevel Level, string Places) Route(PythonLogging logging, string category)
    {
        var (level, handlers) = logging.RouteOf(category);
        return (level, string.Join(',', handlers.Select(handler => handler.File ?? handler.Kind.ToString())));
    }
}
