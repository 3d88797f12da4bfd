using System.Diagnostics.Tracing;
using System.Globalization;
using Microsoft.Diagnostics.NETCore.Client;

namespace Nodepool.Diagnostics;

/// <summary>
/// Samples of what this process's threads do, from one SIGUSR2 to the next, in a file of the form <c>nettrace</c>: PerfView and Visual Studio open
/// it, <c>dotnet-trace convert --format Speedscope</c> makes one for speedscope.
/// </summary>
internal sealed partial class CpuProfile(Func<string> directory, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const string Sampler = "Microsoft-DotNETCore-SampleProfiler";
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";

    /// <summary>Loader, JIT and precompiled code: what gives the samples their names.</summary>
    private const long Names = 0x8 | 0x10 | 0x20;

    private const int BufferMebibytes = 64;

    /// <summary>A profile that was forgotten ends by itself; it grows by some megabytes a minute.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private EventPipeSession? _session;
    private Task _writing = Task.CompletedTask;
    private ITimer? _end;
    private string _file = "";

    /// <summary>Begins one, or ends the one that was begun. Not to be called twice at a time. Never fails.</summary>
    public async Task ToggleAsync(CancellationToken ct)
    {
        try
        {
            await (_session is null ? BeginAsync(ct) : EndAsync());
        }
        catch (Exception e) when (e is DiagnosticsClientException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            LogFailed(logger, e.Message);
        }
    }

    /// <summary>Ends the one that was begun.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
        {
            await ToggleAsync(default);
        }
    }

    private async Task BeginAsync(CancellationToken ct)
    {
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var place = directory();
        Directory.CreateDirectory(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _file = Path.Combine(place, $"nodepool-{Environment.ProcessId}-{stamp}.nettrace");
        var file = new FileStream(_file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        try
        {
            EventPipeProvider[] providers = [new(Sampler, EventLevel.Informational), new(Runtime, EventLevel.Informational, Names)];
            _session = await new DiagnosticsClient(Environment.ProcessId).StartEventPipeSessionAsync(providers, requestRundown: true, BufferMebibytes, ct);
        }
        catch
        {
            await file.DisposeAsync();
            File.Delete(_file);
            throw;
        }

        _writing = CopyAsync(_session, file);
        _end = time.CreateTimer(_ => _session?.Stop(), null, Longest, Timeout.InfiniteTimeSpan);
        LogBegun(logger, Longest);
    }

    private async Task EndAsync()
    {
        using var session = _session!;
        _session = null;
        await _end!.DisposeAsync();
        if (!_writing.IsCompleted)
        {
            await session.StopAsync(default);
        }

        await _writing;
        LogEnded(logger, _file);
    }

    private static async Task CopyAsync(EventPipeSession session, FileStream file)
    {
        await using (file)
        {
            await session.EventStream.CopyToAsync(file);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "SIGUSR2: a CPU profile has begun; the next SIGUSR2 ends it, or {Longest}")]
    private static partial void LogBegun(ILogger logger, TimeSpan longest);

    [LoggerMessage(Level = LogLevel.Information, Message = "CPU profile: {File}")]
    private static partial void LogEnded(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "SIGUSR2: no CPU profile: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
