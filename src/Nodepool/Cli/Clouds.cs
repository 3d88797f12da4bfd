using System.CommandLine;
using Nodepool.Core.Config;
using Nodepool.Core.Providers;

namespace Nodepool.Cli;

/// <summary>
/// Providers for one call: opened when they are needed, closed with the call. What cannot be asked is said in one line each, and the
/// others go on.
/// </summary>
internal sealed class Clouds(CliCall call) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IProvider> _open = new(StringComparer.Ordinal);

    /// <summary>The provider that a verb may be limited to.</summary>
    public static Argument<string?> OptionalProvider() => new("PROVIDER") { Description = "Name of a provider (default: all)", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>The provider of that name, or all of them; without those whose driver is not in this version.</summary>
    /// <exception cref="CliException">There is none of that name.</exception>
    public IReadOnlyList<ProviderConfig> Choose(string? name)
    {
        var config = call.Config();
        foreach (var unserved in config.UnservedProviders.Where(provider => name is null || provider.Name == name))
        {
            call.Complain(NoDriver(unserved));
        }

        return name is null ? config.Providers
            : config.FindProvider(name) is { } provider ? [provider]
            : config.UnservedProviders.Any(unserved => unserved.Name == name) ? []
            : throw new CliException(NoProvider(call, name));
    }

    /// <summary>The open provider of that name.</summary>
    /// <exception cref="CliException">It is not configured, or its driver is not in this version.</exception>
    public IProvider Open(string name)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(name, out var open))
            {
                return open;
            }

            var config = call.Config();
            var section = config.FindProvider(name)
                ?? throw new CliException(config.UnservedProviders.FirstOrDefault(provider => provider.Name == name) is { } unserved ? NoDriver(unserved) : NoProvider(call, name));
            return _open[name] = call.World.OpenProvider(section, config, call.Loggers());
        }
    }

    /// <summary>What each of the providers lists; those that do not answer are left out. They are asked at the same time.</summary>
    public async Task<IReadOnlyList<(string Provider, IReadOnlyList<CloudResource> Resources)>> ListAsync(IReadOnlyList<ProviderConfig> providers, CancellationToken ct)
    {
        var listings = await Task.WhenAll(providers.Select(provider => TryAsync(provider.Name, async open => await Collect(open.ListResourcesAsync(ct), ct))));
        return [.. providers.Zip(listings).Where(pair => pair.Second is not null).Select(pair => (pair.First.Name, pair.Second!))];
    }

    /// <summary>Asks a provider; null, and a complaint, when it does not answer.</summary>
    public async Task<T?> TryAsync<T>(string provider, Func<IProvider, Task<T>> ask)
        where T : class
    {
        try
        {
            return await ask(Open(provider));
        }
        catch (ProviderException e)
        {
            call.Complain($"provider {provider} does not answer as it should: {e.Message} ({e.Fault})");
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _open.Values)
        {
            await provider.DisposeAsync();
        }
    }

    /// <summary>Says that a name is unknown, and which there are.</summary>
    public static string NoProvider(CliCall call, string name)
    {
        var config = call.Loaded.Result.Config;
        var known = config is null ? [] : config.Providers.Concat(config.UnservedProviders).Select(provider => provider.Name).ToList();
        return $"no provider '{Logging.Printable.Line(name)}' in {call.ConfigFile}{(known.Count == 0 ? "" : $"; it has {string.Join(", ", known)}")}";
    }

    private static string NoDriver(ProviderConfig provider) =>
        $"provider {provider.Name} cannot be asked: its driver '{provider.Driver}' is not in this version ({ProgramVersion.Text})";

    private static async Task<IReadOnlyList<CloudResource>> Collect(IAsyncEnumerable<CloudResource> listing, CancellationToken ct)
    {
        var resources = new List<CloudResource>();
        await foreach (var resource in listing.WithCancellation(ct))
        {
            resources.Add(resource);
        }

        return resources;
    }
}
