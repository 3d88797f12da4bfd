using System.Net;
using Microsoft.Extensions.Logging;
using Nodepool.Core;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access.Identity;
using Nodepool.Providers.OpenStack.Access.Settings;
using Nodepool.Providers.OpenStack.Access.Transport;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>The services of a cloud over HTTP.</summary>
/// <param name="provider">Name of the provider, for metrics.</param>
/// <param name="sessions">Gives what calls are made with.</param>
/// <param name="pacer">Says when.</param>
/// <param name="meter">Counts them.</param>
/// <param name="sources">Time and chance.</param>
/// <param name="logger">Every call is noted at level debug.</param>
internal sealed partial class CloudApi(string provider, SessionSource sessions, CallPacer pacer, CallMeter meter, Sources sources, ILogger logger) : ICloudApi
{
    private readonly ServiceHolds _holds = new(sources.Time);
    private readonly RepeatPolicy _repeats = new(sources);

    /// <inheritdoc/>
    public async ValueTask<CloudAccess> GetAccessAsync(CancellationToken ct)
    {
        var session = await sessions.GetAsync(ct).ConfigureAwait(false);
        return new CloudAccess
        {
            Cloud = session.Settings.Cloud,
            Region = session.Settings.Region,
            ProjectId = session.Token.ProjectId,
            UserId = session.Token.UserId,
            FloatingIpSource = session.Settings.FloatingIpSource,
            Networks = session.Settings.Networks,
            PrefersPrivate = session.Settings.PrefersPrivate,
            ForcesIpv4 = session.Settings.ForcesIpv4,
            PrefersImport = session.Settings.PrefersImport,
        };
    }

    /// <inheritdoc/>
    public async ValueTask<bool> HasAsync(CloudService service, CancellationToken ct)
    {
        var session = await sessions.GetAsync(ct).ConfigureAwait(false);
        return await session.FindAsync(service, ct).ConfigureAwait(false) is not null;
    }

    /// <inheritdoc/>
    public async ValueTask<CloudAnswer> SendAsync(CloudCall call, CancellationToken ct)
    {
        var session = await sessions.GetAsync(ct).ConfigureAwait(false);
        var isRenewed = false;
        for (var attempts = 1; ; attempts++)
        {
            var attempt = await AttemptAsync(session, call, ct).ConfigureAwait(false);
            if (attempt.Answer is { } answer)
            {
                return answer;
            }

            if (attempt.IsTokenRefused && !isRenewed)
            {
                // Not carried out, so any call may be made again; and not counted.
                isRenewed = true;
                attempts--;
                session = await sessions.ReplaceAsync(session, ct).ConfigureAwait(false);
                continue;
            }

            var delay = call.IsRepeatable && attempt.MayPass ? _repeats.Delay(attempts, attempt.RetryAfter) : null;
            await _repeats.WaitAsync(delay ?? throw attempt.Failure!, ct).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        sessions.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<CallAttempt> AttemptAsync(CloudSession session, CloudCall call, CancellationToken ct)
    {
        var type = ServiceReader.TypesOf(call.Service)[0];
        var asked = $"{session.Settings.Title}: {type}: {call}";
        var endpoint = await session.FindAsync(call.Service, ct).ConfigureAwait(false)
            ?? throw new ProviderException(ProviderFault.Rejected, CatalogSearch.Explain(session.Settings, session.Token, call.Service));
        await WaitForServiceAsync(asked, call.Service, ct).ConfigureAwait(false);

        var turn = await pacer.EnterAsync(call.Priority, ct).ConfigureAwait(false);
        if (call.Content is not null)
        {
            // Minutes of data must not take the place of short calls.
            turn.Dispose();
        }

        using var _ = turn;
        var start = sources.Time.GetTimestamp();
        var microversion = endpoint.Choose(call.Microversion);
        try
        {
            using var request = CallRequest.Make(call, endpoint, microversion, session.Token);
            var answer = await HttpExchange.SendAsync(session.Http, request, call.Timeout ?? session.Settings.CallTimeout, sources.Time, ct).ConfigureAwait(false);
            Note((int)answer.Status);
            return Judge(call, asked, microversion, answer);
        }
        catch (NoAnswerException e)
        {
            Note(null);
            return CallAttempt.Failed(
                new ProviderException(ProviderFault.Unavailable, $"{asked}: {e.Message}; see whether the service runs and can be reached ({endpoint.Address})", e), mayPass: !e.IsLasting);
        }

        void Note(int? status)
        {
            var duration = sources.Time.GetElapsedTime(start);
            meter.Note(provider, type, call.Method, CallMeter.ResourceOf(call.Path), status, duration);
            LogCall(asked, status, duration.TotalMilliseconds);
        }
    }

    /// <summary>A service that has asked for a pause gets it, unless that would take too long for a call.</summary>
    private async Task WaitForServiceAsync(string asked, CloudService service, CancellationToken ct)
    {
        while (_holds.Remaining(service) is var hold && hold > TimeSpan.Zero)
        {
            if (hold > RepeatPolicy.LongestWait)
            {
                throw new ProviderException(ProviderFault.Throttled, $"{asked}: not sent, the service wants no calls for {hold.TotalSeconds:0} seconds more; raise 'rate' of the provider if it says so often");
            }

            await Task.Delay(hold, sources.Time, ct).ConfigureAwait(false);
        }
    }

    private CallAttempt Judge(CloudCall call, string asked, Microversion? microversion, WireAnswer answer)
    {
        var text = answer.IsSuccess ? "" : ServiceText.Of(answer);
        if (answer.IsSuccess || call.Expected.Contains(answer.Status))
        {
            return CallAttempt.Done(new CloudAnswer(asked, answer.Status, answer.Headers, answer.Body) { Microversion = microversion?.ToString(), Message = text });
        }

        var retryAfter = answer.RetryAfter(sources.Time.GetUtcNow());
        var (fault, remedy) = CloudFaults.Of(answer.Status, text, retryAfter is not null, call.OnConflict);
        if (retryAfter is { } pause)
        {
            _holds.Hold(call.Service, pause);
        }

        var id = answer.Headers.GetValueOrDefault("X-Openstack-Request-Id") is { } request ? $" ({request})" : "";
        var where = (int)answer.Status is >= 300 and < 400 ? $" to {answer.Headers.GetValueOrDefault("Location")}" : "";
        var failure = new ProviderException(fault, $"{asked}: {(int)answer.Status}{where}{(text.Length > 0 ? $": {text.TrimEnd('.')}" : "")}{id}; {remedy}");
        return CallAttempt.Failed(failure, CloudFaults.MayPass(fault), retryAfter, answer.Status == HttpStatusCode.Unauthorized);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Call}: {Status} in {Milliseconds:0} ms")]
    private partial void LogCall(string call, int? status, double milliseconds);
}
