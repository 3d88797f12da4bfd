using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access.Settings;
using Nodepool.Providers.OpenStack.Access.Transport;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>Gets tokens.</summary>
internal sealed class Keystone(Sources sources)
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromMinutes(10);
    private readonly RepeatingExchange _exchange = new(sources);

    /// <summary>A new token.</summary>
    /// <exception cref="ProviderException">Keystone refuses, or cannot be asked.</exception>
    public async Task<CloudToken> AuthenticateAsync(CloudSettings settings, HttpClient http, CancellationToken ct)
    {
        var url = new Uri(await FindVersionAsync(settings, http, ct).ConfigureAwait(false) + "/auth/tokens");
        var body = TokenRequest.Write(settings.Credentials, settings.Scope);
        var answer = await AskAsync(settings, http, () => Post(url, body), ct).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw Refused(settings, url, answer);
        }

        return Understand(settings, url, answer);
    }

    private static HttpRequestMessage Post(Uri url, ReadOnlyMemory<byte> body) => new(HttpMethod.Post, url)
    {
        Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    /// <summary>The address of version 3, without a slash at its end. Most configurations name it; of the others Keystone is asked.</summary>
    private async Task<string> FindVersionAsync(CloudSettings settings, HttpClient http, CancellationToken ct)
    {
        var given = settings.AuthUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (given.EndsWith("/v3", StringComparison.Ordinal))
        {
            return given;
        }

        var root = given.EndsWith("/v2.0", StringComparison.Ordinal) ? given[..^"/v2.0".Length] : given;
        var answer = await AskAsync(settings, http, () => new HttpRequestMessage(HttpMethod.Get, new Uri(root + "/")), ct).ConfigureAwait(false);

        // Links in the document often name a host that only the cloud's inside knows: the version is below the address that we were given.
        var versions = VersionDocument.Read(answer.Body);
        return versions.Count == 0 || versions.Any(version => version.IsOf(3))
            ? root + "/v3"
            : throw new ProviderException(ProviderFault.Rejected, $"{settings.Title}: identity: {root} offers {string.Join(", ", versions.Select(version => version.Id))}, but version 3 is needed; correct 'auth_url' in {settings.Origin}");
    }

    private async Task<WireAnswer> AskAsync(CloudSettings settings, HttpClient http, Func<HttpRequestMessage> make, CancellationToken ct)
    {
        try
        {
            return await _exchange.SendAsync(http, make, settings.CallTimeout, ct).ConfigureAwait(false);
        }
        catch (NoAnswerException e)
        {
            throw new ProviderException(
                ProviderFault.Unavailable, $"{settings.Title}: identity: {settings.AuthUrl}: {e.Message}; check 'auth_url' in {settings.Origin} and whether Keystone runs", e);
        }
    }

    private ProviderException Refused(CloudSettings settings, Uri url, WireAnswer answer)
    {
        var (fault, remedy) = answer.Status switch
        {
            HttpStatusCode.Unauthorized => (ProviderFault.Rejected, $"check the credentials, domains and project in {settings.Origin}"),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.MultipleChoices => (ProviderFault.Rejected, $"there is no Keystone; correct 'auth_url' in {settings.Origin}"),
            _ => CloudFaults.Of(answer.Status, "", answer.RetryAfter(sources.Time.GetUtcNow()) is not null, ProviderFault.Rejected),
        };
        var text = ServiceText.Of(answer);
        return new ProviderException(fault, $"{settings.Title}: identity: POST {url}: {(int)answer.Status} {answer.Status}{(text.Length == 0 ? "" : $": {text}")}; {remedy}");
    }

    private CloudToken Understand(CloudSettings settings, Uri url, WireAnswer answer)
    {
        var token = Parse(answer);
        if (token is null || answer.Headers.GetValueOrDefault("X-Subject-Token") is not { Length: > 0 } value)
        {
            throw new ProviderException(ProviderFault.Unavailable, $"{settings.Title}: identity: POST {url}: this is not Keystone's answer; check 'auth_url' in {settings.Origin} and what stands between it and here");
        }

        // What counts is how long it is valid: clocks differ.
        var now = sources.Time.GetUtcNow();
        var lifetime = token.ExpiresAt - (token.IssuedAt ?? now) ?? UnknownLifetime;
        if (settings.Credentials is Credentials.ForeignToken && token.ExpiresAt is { } end)
        {
            lifetime = end - now;
        }

        var margin = lifetime / 5;
        return new CloudToken(new Secret(value), token.Project?.Id, token.User?.Id, Flatten(token.Catalog ?? []))
        {
            EndsAt = now + lifetime,
            RenewAt = now + lifetime - (margin < LongestMargin ? margin : LongestMargin),
        };
    }

    private static TokenAnswer.Description? Parse(WireAnswer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, IdentityJson.Default.TokenAnswer)?.Token;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ValueList<CatalogEndpoint> Flatten(IReadOnlyList<TokenAnswer.Service> services) =>
        (from service in services
         from endpoint in service.Endpoints ?? []
         where service.Type is not null && endpoint.Url is not null
         select new CatalogEndpoint(service.Type!, service.Name, endpoint.Interface ?? "public", endpoint.RegionId ?? endpoint.Region, endpoint.Url!)).ToValueList();
}
