using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access.Identity;
using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>
/// Gives the session to call with, and makes a new one some minutes before its token ends or when a service does not take it any more, once for all
/// who wait. The files are read again each time, so new credentials need no restart. Thread-safe.
/// </summary>
/// <param name="read">Reads the settings as they are now.</param>
/// <param name="connect">Makes the connections of a cloud.</param>
/// <param name="sources">Time and chance.</param>
/// <param name="logger">Where doubts about the settings are told, each once.</param>
internal sealed partial class SessionSource(Func<CloudSettings> read, Func<CloudSettings, HttpClient> connect, Sources sources, ILogger logger) : IDisposable
{
    /// <summary>Keystone may lock an account that gives wrong passwords: they are not tried again sooner than this.</summary>
    private static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Keystone _keystone = new(sources);
    private readonly CancellationTokenSource _closed = new();
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private CloudSession? _current;
    private long _keepUntil;
    private Task<CloudSession>? _run;
    private (CloudSettings Settings, ProviderException Reason, DateTimeOffset Until)? _refusal;

    /// <summary>The session; a new one first when there is none that lasts.</summary>
    public async ValueTask<CloudSession> GetAsync(CancellationToken ct)
    {
        var (current, now) = (_current, sources.Time.GetUtcNow());
        if (current is not null && (now < current.Token.RenewAt || now.UtcTicks < Volatile.Read(ref _keepUntil)))
        {
            return current;
        }

        try
        {
            return await Renew(current).WaitAsync(ct).ConfigureAwait(false);
        }
        catch (ProviderException e) when (current is not null && now < current.Token.EndsAt)
        {
            LogKept(current.Settings.Title, e.Message);
            Volatile.Write(ref _keepUntil, (now + RetryAfterFailure).UtcTicks);
            return current;
        }
    }

    /// <summary>A session with another token than that of one that a service did not take.</summary>
    public async ValueTask<CloudSession> ReplaceAsync(CloudSession refused, CancellationToken ct) =>
        _current is { } current && !ReferenceEquals(current, refused) ? current : await Renew(refused).WaitAsync(ct).ConfigureAwait(false);

    public void Dispose()
    {
        if (!_closed.IsCancellationRequested)
        {
            _closed.Cancel();
            _closed.Dispose();
            _current?.Http.Dispose();
        }
    }

    /// <summary>Begins to make a session in the place of one, or joins in when that is under way or done.</summary>
    private Task<CloudSession> Renew(CloudSession? old)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
            return _current is { } current && !ReferenceEquals(current, old) ? Task.FromResult(current)
                : _run is { IsCompleted: false } ? _run
                : _run = OpenAsync(old, _closed.Token);
        }
    }

    private async Task<CloudSession> OpenAsync(CloudSession? old, CancellationToken ct)
    {
        // Whoever asked first holds the lock until the first wait.
        await Task.Yield();
        var settings = read();
        if (_refusal is { } refusal && refusal.Settings == settings && sources.Time.GetUtcNow() < refusal.Until)
        {
            throw new ProviderException(refusal.Reason.Fault, refusal.Reason.Message, refusal.Reason);
        }

        Tell(settings);

        // Connections that others may still be using are left to end by themselves.
        var http = old is not null && old.Settings.Tls == settings.Tls ? old.Http : connect(settings);
        var token = await AuthenticateAsync(settings, http, ct).ConfigureAwait(false);
        var services = old is not null && old.Settings == settings && ReferenceEquals(old.Http, http) && old.Token.Catalog.Equals(token.Catalog) && old.Token.ProjectId == token.ProjectId
            ? old.Services
            : new ServiceDirectory(settings, http, sources);
        var session = new CloudSession(settings, http, token, services);
        lock (_lock)
        {
            (_current, _refusal) = (session, null);
        }

        return session;
    }

    private async Task<CloudToken> AuthenticateAsync(CloudSettings settings, HttpClient http, CancellationToken ct)
    {
        try
        {
            return await _keystone.AuthenticateAsync(settings, http, ct).ConfigureAwait(false);
        }
        catch (ProviderException e) when (e.Fault == ProviderFault.Rejected)
        {
            _refusal = (settings, e, sources.Time.GetUtcNow() + RefusedFor);
            throw;
        }
    }

    private void Tell(CloudSettings settings)
    {
        foreach (var warning in settings.Warnings)
        {
            if (_told.Add(warning))
            {
                LogDoubt(settings.Title, warning, settings.Origin);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Cloud}: {Warning} ({Origin})")]
    private partial void LogDoubt(string cloud, string warning, string origin);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Cloud}: the token could not be renewed and is used until it ends: {Reason}")]
    private partial void LogKept(string cloud, string reason);
}
