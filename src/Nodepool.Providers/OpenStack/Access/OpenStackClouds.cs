using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access.Settings;
using Nodepool.Providers.OpenStack.Access.Transport;

namespace Nodepool.Providers.OpenStack.Access;

/// <summary>
/// Gets at the clouds of a process's openstack providers. One per process: whoever opens a provider here, launcher or builder, shares its pace.
/// </summary>
public sealed class OpenStackClouds
{
    private readonly ConcurrentDictionary<string, CallPacer> _pacers = new(StringComparer.Ordinal);
    private readonly CloudSettingsReader _reader;
    private readonly CallMeter _meter;
    private readonly string _userAgent;

    /// <summary>Looks at nothing yet.</summary>
    /// <param name="environment">The variables of the process.</param>
    /// <param name="meter">Where calls are counted.</param>
    /// <param name="version">Version of the program, for services' logs.</param>
    public OpenStackClouds(IReadOnlyDictionary<string, string> environment, Meter meter, string version)
    {
        _reader = new CloudSettingsReader(new CloudFiles(environment, Environment.CurrentDirectory));
        _meter = new CallMeter(meter);
        _userAgent = $"nodepool/{version}";
    }

    /// <summary>Makes what connects in the place of sockets, for tests; gets the name of the cloud.</summary>
    public Func<string, HttpMessageHandler>? Connections { get; init; }

    /// <summary>The cloud of a provider. Neither files nor cloud are looked at before the first call.</summary>
    /// <param name="config">A section whose options are <see cref="OpenStackOptions"/>.</param>
    /// <param name="context">What the process has for it.</param>
    public ICloudApi Open(ProviderConfig config, DriverContext context)
    {
        var options = (OpenStackOptions)config.Options!;
        var pacer = _pacers.GetOrAdd(config.Name, _ => new CallPacer(context.Sources.Time));
        pacer.Interval = config.CallInterval;
        var logger = context.Loggers.CreateLogger($"openstack {config.Name}");
        var sessions = new SessionSource(() => _reader.Read(options.Cloud, options.Region), Connect, context.Sources, logger);
        return new CloudApi(config.Name, sessions, pacer, _meter, context.Sources, logger);
    }

    /// <summary>The <c>image_format</c> of an entry of clouds.yaml; null when it has none or cannot be read. For <see cref="OpenStackSchema"/>.</summary>
    public string? FindImageFormat(string cloud) => _reader.FindImageFormat(cloud);

    private HttpClient Connect(CloudSettings settings)
    {
        var http = new HttpClient(Connections?.Invoke(settings.Cloud) ?? TlsTransport.Create(settings)) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", _userAgent);
        return http;
    }
}
