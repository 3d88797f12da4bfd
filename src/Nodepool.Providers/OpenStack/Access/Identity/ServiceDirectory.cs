using System.Text.RegularExpressions;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access.Settings;
using Nodepool.Providers.OpenStack.Access.Transport;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>
/// The services of one project as its catalogue has them, each looked at when it is needed first. Compute and block storage are asked for their
/// microversions; image and network have none and only one version.
/// </summary>
internal sealed partial class ServiceDirectory
{
    private readonly CloudSettings _settings;
    private readonly HttpClient _http;
    private readonly RepeatingExchange _exchange;
    private readonly ValueList<SharedRun<ServiceEndpoint?>> _endpoints;

    public ServiceDirectory(CloudSettings settings, HttpClient http, Sources sources)
    {
        _settings = settings;
        _http = http;
        _exchange = new RepeatingExchange(sources);
        _endpoints = Enum.GetValues<CloudService>().Select(_ => new SharedRun<ServiceEndpoint?>()).ToValueList();
    }

    /// <summary>The service; null when the cloud does not offer it.</summary>
    public ValueTask<ServiceEndpoint?> FindAsync(CloudService service, CloudToken token, CancellationToken ct) =>
        _endpoints[(int)service].GetAsync(() => LookAsync(service, token), ct);

    /// <summary>The version's part of a service's address, when the catalogue leaves it out.</summary>
    private static (string Segment, int Major, bool HasMicroversions) FormOf(CloudService service) => service switch
    {
        CloudService.Compute => ("v2.1", 2, true),
        CloudService.Image => ("v2", 2, false),
        CloudService.Network => ("v2.0", 2, false),
        _ => ("v3", 3, true),
    };

    private async Task<ServiceEndpoint?> LookAsync(CloudService service, CloudToken token)
    {
        if (CatalogSearch.Find(_settings, token, service)?.TrimEnd('/') is not { } url)
        {
            return null;
        }

        var (root, project) = Split(service, url);
        var address = project is null ? root : $"{root}/{project}";
        if (service == CloudService.BlockStorage && project is null && token.ProjectId is not null)
        {
            address = $"{root}/{token.ProjectId}";
        }

        if (!FormOf(service).HasMicroversions)
        {
            return new ServiceEndpoint(address, null, null);
        }

        var version = await AskAsync(service, root, token).ConfigureAwait(false);
        var newest = version?.Newest is { } most && _settings.Of(service).MicroversionLimit is { } limit && limit < most ? limit : version?.Newest;
        return new ServiceEndpoint(address, version?.Oldest, newest);
    }

    /// <summary>Separates the address up to the version from the project behind it.</summary>
    private static (string Root, string? Project) Split(CloudService service, string url)
    {
        var (segment, major, _) = FormOf(service);
        var match = Version().Match(url);
        if (!match.Success)
        {
            return ($"{url}/{segment}", null);
        }

        var (given, rest) = (match.Groups["version"].Value, match.Groups["rest"].Value);
        var root = url[..match.Groups["version"].Index];
        if (service == CloudService.Compute && given is "v2" or "v2.0")
        {
            // The old form of the same service, which takes no microversions; none has it alone.
            return (root + segment, null);
        }

        return (root + (given[1] - '0' == major ? given : segment), rest.Length == 0 ? null : rest);
    }

    /// <summary>What the service says of its version; null when it says nothing that is understood: it is then used without microversions.</summary>
    private async Task<VersionEntry?> AskAsync(CloudService service, string root, CloudToken token)
    {
        string failure;
        Exception? inner = null;
        try
        {
            // Several callers wait for this; none of them ends it.
            var answer = await _exchange.SendAsync(_http, Make, _settings.CallTimeout, CancellationToken.None).ConfigureAwait(false);
            if ((int)answer.Status is not (429 or >= 500))
            {
                return !answer.IsSuccess && (int)answer.Status != 300 ? null : VersionDocument.Read(answer.Body).FirstOrDefault(version => version.IsOf(FormOf(service).Major));
            }

            failure = $"{(int)answer.Status} {ServiceText.Of(answer)}";
        }
        catch (NoAnswerException e)
        {
            (failure, inner) = (e.Message, e);
        }

        throw new ProviderException(
            ProviderFault.Unavailable, $"{_settings.Title}: {ServiceReader.TypesOf(service)[0]}: GET {root}/: {failure}; see whether the service runs, and its address in the catalogue", inner);

        HttpRequestMessage Make()
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root + "/"));
            request.Headers.TryAddWithoutValidation("X-Auth-Token", token.Value.Reveal());
            return request;
        }
    }

    [GeneratedRegex("^https?://.+/(?<version>v[0-9]+(\\.[0-9]+)?)(/(?<rest>[^/]+))?$")]
    private static partial Regex Version();
}
