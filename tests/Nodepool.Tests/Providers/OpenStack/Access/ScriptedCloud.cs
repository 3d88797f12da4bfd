using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers.OpenStack.Access;
using Nodepool.Testing;
using Nodepool.Testing.State;

namespace Nodepool.Tests.Providers.OpenStack.Access;

/// <summary>
/// A Keystone with the services of one region, whose answers the test writes: <c>http://cloud/identity</c>, <c>/compute/v2.1</c>,
/// <c>/image</c>, <c>/network</c>, <c>/volume/v3/P</c>. Delays between attempts are exactly half a second, one and two.
/// </summary>
internal sealed class ScriptedCloud : HttpMessageHandler, IRandomSource
{
    private readonly Queue<Func<HttpRequestMessage, HttpResponseMessage>> _answers = new();
    private int _tokens;

    public ScriptedCloud() => Sources = new Sources(Time, SeededSources.Create(Time).Ids, this);

    public ArmedTime Time { get; } = new();

    public Sources Sources { get; }

    public LogLines Log { get; } = new();

    public Meter Meter { get; } = new("test");

    public Dictionary<string, string> Environment { get; } = new()
    {
        ["OS_AUTH_URL"] = "http://cloud/identity/v3",
        ["OS_USERNAME"] = "u",
        ["OS_PASSWORD"] = "s3cret",
        ["OS_PROJECT_NAME"] = "p",
        ["OS_REGION_NAME"] = "one",
    };

    /// <summary>Calls to services: method, path and query, token, body.</summary>
    public List<(string Call, string Token, string Body, Dictionary<string, string> Headers)> Calls { get; } = [];

    /// <summary>Bodies of the requests for tokens.</summary>
    public List<string> Authentications { get; } = [];

    /// <summary>In the place of a token.</summary>
    public Func<HttpResponseMessage>? KeystoneAnswers { get; set; }

    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    public string Regions { get; set; } = "one";

    public string ComputeUrl { get; set; } = "http://cloud/compute/v2.1";

    public HttpStatusCode VersionStatus { get; set; } = HttpStatusCode.OK;

    public ICloudApi Open() => Open(Clouds(), TimeSpan.Zero);

    public ICloudApi Open(OpenStackClouds clouds, TimeSpan interval) => clouds.Open(
        new ProviderConfig { Name = "p", Driver = "openstack", CallInterval = interval, Options = new OpenStackOptions { Cloud = "envvars" } },
        new DriverContext(Sources, Log, "/nowhere"));

    public OpenStackClouds Clouds() => new(Environment, Meter, "1.2.3") { Connections = _ => new Shared(this) };

    public void Answer(Func<HttpRequestMessage, HttpResponseMessage> answer) => _answers.Enqueue(answer);

    public void Answer(HttpStatusCode status, string body = "{}", string type = "application/json", params (string Name, string Value)[] headers) =>
        Answer(_ => Make(status, body, type, headers));

    public static HttpResponseMessage Make(HttpStatusCode status, string body, string type = "application/json", params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type) };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    double IRandomSource.NextDouble() => 0.5;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        if (url.AbsolutePath.StartsWith("/identity", StringComparison.Ordinal))
        {
            return Keystone(request, body);
        }

        if (url.AbsolutePath is "/compute/v2.1/" or "/volume/v3/")
        {
            return Make(VersionStatus, url.AbsolutePath[1] == 'c'
                ? """{"version": {"id": "v2.1", "min_version": "2.1", "version": "2.60"}}"""
                : """{"versions": [{"id": "v3.0", "min_version": "3.0", "version": "3.50"}]}""");
        }

        Calls.Add((
            $"{request.Method} {url.PathAndQuery}", request.Headers.GetValues("X-Auth-Token").Single(), body, request.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value))));
        return _answers.TryDequeue(out var answer) ? answer(request) : Make(HttpStatusCode.OK, "{}");
    }

    private HttpResponseMessage Keystone(HttpRequestMessage request, string body)
    {
        if (request.Method == HttpMethod.Get)
        {
            return Make(HttpStatusCode.MultipleChoices, """{"versions": {"values": [{"id": "v3.14", "links": [{"rel": "self", "href": "http://inside:5000/v3/"}]}]}}""");
        }

        Authentications.Add(body);
        return KeystoneAnswers?.Invoke() ?? Make(HttpStatusCode.Created, Token(), "application/json", ("X-Subject-Token", $"t{++_tokens}"));
    }

    private string Token()
    {
        // A clock that is wrong by a day does not matter.
        var issued = Time.GetUtcNow() + TimeSpan.FromDays(1);
        var catalog = string.Join(',', Regions.Split(',').SelectMany(region => new[]
        {
            Service("compute", ComputeUrl, region), Service("image", "http://cloud/image", region), Service("network", "http://cloud/network/", region),
            Service("volumev2", "http://cloud/volume/v2/P", region), Service("volumev3", "http://cloud/volume/v3/P", region),
        }));
        return $$"""
            { "token": { "issued_at": "{{issued:O}}", "expires_at": "{{issued + TokenLifetime:O}}", "project": {"id": "P"}, "user": {"id": "U"}, "catalog": [{{catalog}}] } }
            """;
    }

    private static string Service(string type, string url, string region) =>
        $$"""
        {
          "type": "{{type}}", "name": "x",
          "endpoints": [
            {"interface": "public", "region_id": "{{region}}", "url": "{{url}}"},
            {"interface": "internal", "region_id": "{{region}}", "url": "http://inside{{new Uri(url).AbsolutePath}}"}
          ]
        }
        """;

    /// <summary>Clients dispose their handler; the cloud stays.</summary>
    private sealed class Shared(ScriptedCloud cloud) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => cloud.SendAsync(request, cancellationToken);
    }
}
