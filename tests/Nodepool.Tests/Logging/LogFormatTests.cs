using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Nodepool.Core.State;
using Nodepool.Logging;

#pragma warning disable CA1848 // Here the plain calls are the readable ones.

namespace Nodepool.Tests.Logging;

public sealed partial class LogFormatTests : IDisposable
{
    private readonly StringWriter _log = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 4, 21, 59, 7, TimeSpan.Zero));

    public void Dispose() => _log.Dispose();

    [Fact]
    public void People_AnEvent_IsOneLine()
    {
        Ready(Logger(new LogSettings(LogLevel.Information, false, false, false, false)), "0000000007", TimeSpan.FromSeconds(1.5));

        Assert.Equal("04:21:59.007 INFO  PoolReconciler: node 0000000007 is ready after 00:00:01.5000000\n", _log.ToString());
    }

    [Fact]
    public void People_InAFile_HasTheDateAndNoColour()
    {
        Logger(new LogSettings(LogLevel.Information, false, false, true, false), "min-ready").LogWarning("careful");

        Assert.Equal("2026-11-23 04:21:59.007 WARN  min-ready: careful\n", _log.ToString());
    }

    [Fact]
    public void People_OnATerminal_ColoursTheLevel()
    {
        Logger(new LogSettings(LogLevel.Information, false, true, false, false)).LogError("bad");

        Assert.Equal("\u001b[2m04:21:59.007\u001b[0m \u001b[31mERROR\u001b[0m \u001b[2mPoolReconciler:\u001b[0m bad\n", _log.ToString());
    }

    [Fact]
    public void People_AnException_StaysOnTheLineWithItsCauses()
    {
        var exception = new StateException(StateFault.Unavailable, "/x", "the store is busy", new InvalidOperationException("one\ntwo"));

        Logger(new LogSettings(LogLevel.Information, false, false, false, false)).LogError(exception, "pass failed\u001b[2J");

        Assert.Equal("04:21:59.007 ERROR PoolReconciler: pass failed\\u001b[2J: the store is busy <- InvalidOperationException: one\\ntwo\n", _log.ToString());
    }

    [Fact]
    public void People_AnExceptionWhileDebugging_IsFollowedByItsTrace()
    {
        Logger(new LogSettings(LogLevel.Debug, false, false, false, true)).LogError(Thrown(), "pass failed");

        var lines = _log.ToString().Split('\n');
        Assert.Equal("04:21:59.007 ERROR PoolReconciler: pass failed: InvalidOperationException: no", lines[0]);
        Assert.StartsWith("    System.InvalidOperationException: no", lines[1], StringComparison.Ordinal);
        Assert.Contains(nameof(Thrown), lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Json_AnEvent_HasItsFieldsAsMembers()
    {
        Ready(Logger(new LogSettings(LogLevel.Information, true, false, false, false)), "0000000007", TimeSpan.FromSeconds(1.5));

        Assert.Equal(
            """{"time":"2026-11-23T04:21:59.007000Z","level":"info","category":"Nodepool.Core.Launching.Pools.PoolReconciler","message":"node 0000000007 is ready after 00:00:01.5000000","Node":"0000000007","Duration":1.5}""" + "\n",
            _log.ToString());
    }

    [Fact]
    public void Json_AnException_IsAMemberAndItsTraceOnlyOnDemand()
    {
        Logger(new LogSettings(LogLevel.Information, true, false, false, false)).LogError(Thrown(), "line\nbreak {Count} {IsSo} {Ratio} {Nothing}", 3, true, 0.5, null);
        Logger(new LogSettings(LogLevel.Information, true, false, false, true)).LogError(Thrown(), "failed");

        var lines = _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        var first = JsonNode.Parse(lines[0])!.AsObject();
        Assert.Equal("line\nbreak 3 True 0.5 (null)", (string?)first["message"]);
        Assert.Equal((3, true, 0.5), ((int)first["Count"]!, (bool)first["IsSo"]!, (double)first["Ratio"]!));
        Assert.True(first.ContainsKey("Nothing") && first["Nothing"] is null);
        Assert.Equal("InvalidOperationException: no", (string?)first["exception"]);
        Assert.False(first.ContainsKey("stack"));
        Assert.Contains(nameof(Thrown), (string?)JsonNode.Parse(lines[1])!["stack"], StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WithALevel_LeavesOutWhatIsBelowAndWhatLibrariesSay()
    {
        var settings = new LogSettings(LogLevel.Information, false, false, false, false);

        Logger(settings).LogDebug("detail");
        Logger(settings, "Microsoft.AspNetCore.Hosting").LogInformation("chatter");

        Assert.Equal("", _log.ToString());
    }

    [Fact]
    public void Write_ToAClosedPipe_IsNoFault()
    {
        using var closed = new ClosedPipe();
        using var loggers = new LogSettings(LogLevel.Information, false, false, false, false).Open(closed, _time);

        loggers.CreateLogger("x").LogInformation("nobody reads this");
    }

    private ILogger Logger(LogSettings settings, string category = "Nodepool.Core.Launching.Pools.PoolReconciler") => settings.Open(_log, _time).CreateLogger(category);

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("no");
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "node {Node} is ready after {Duration}")]
    private static partial void Ready(ILogger logger, string node, TimeSpan duration);

    private sealed class ClosedPipe : StringWriter
    {
        public override void Flush() => throw new IOException("Broken pipe");
    }
}
