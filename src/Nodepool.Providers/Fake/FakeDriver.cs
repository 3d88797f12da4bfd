using System.Collections.Concurrent;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Providers;
using Nodepool.Providers.Fake.Cloud;

namespace Nodepool.Providers.Fake;

/// <summary>
/// The driver <c>fake</c>: a cloud inside the process, or in a file, for tests, simulation and load. It keeps one cloud per provider name, so that
/// a provider that is opened anew, by a reload or in the place of another process, finds what it had made.
/// </summary>
public sealed class FakeDriver : IProviderDriver
{
    private readonly ConcurrentDictionary<string, OpenCloud> _clouds = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "fake";

    /// <summary>The cloud of a provider; made with these sources if there is none yet.</summary>
    public FakeCloud CloudOf(string provider, Sources sources) => Get(provider, sources).Cloud;

    /// <inheritdoc/>
    public ProviderConfig ReadConfig(ConfigMap section) => FakeSection.Read(section);

    /// <inheritdoc/>
    public IProvider Open(ProviderConfig config, DriverContext context)
    {
        var open = Get(config.Name, context.Sources, (config.Options as FakeOptions)?.InstancesFile);

        // Only what the operator changed is applied: a reload must not undo what a test or simulation has set since.
        if (config.Options is FakeOptions options && Interlocked.Exchange(ref open.Applied, options) != options)
        {
            options.ApplyTo(open.Cloud.Behaviour);
        }

        return new FakeProvider(config, open.Cloud);
    }

    private OpenCloud Get(string provider, Sources sources, string? file = null) => _clouds.GetOrAdd(provider, _ => new OpenCloud(new FakeCloud(sources, file)));

    private sealed class OpenCloud(FakeCloud cloud)
    {
        public FakeOptions? Applied;

        public FakeCloud Cloud => cloud;
    }
}
