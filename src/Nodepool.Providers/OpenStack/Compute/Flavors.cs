using Nodepool.Core;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>The flavors of the cloud.</summary>
internal sealed class Flavors : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ICloudApi _api;
    private readonly Remembered<IReadOnlyList<FlavorEntry>> _all;

    public Flavors(ICloudApi api, TimeProvider time)
    {
        _api = api;
        _all = new Remembered<IReadOnlyList<FlavorEntry>>(ListAsync, Lifetime, time);
    }

    /// <summary>Sees to it that <see cref="CostOf(OpenStackFlavorChoice)"/> knows what the cloud has now.</summary>
    public async ValueTask LoadAsync(CancellationToken ct) => await _all.GetAsync(ct);

    /// <summary>The flavor that a label means.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Rejected"/>: the cloud has none like that.</exception>
    public async ValueTask<FlavorEntry> FindAsync(OpenStackFlavorChoice choice, CancellationToken ct) =>
        await _all.FindAsync(all => Choose(all, choice), ct) ?? throw new ProviderException(
            ProviderFault.Rejected, $"{(await _api.GetAccessAsync(ct)).Title}: compute: there is no flavor {Describe(choice)}; it has {Names(_all.Last!)}");

    /// <summary>What one server of the label's flavor uses, by what the cloud told last; one instance while nothing is known. No call.</summary>
    public Quota CostOf(OpenStackFlavorChoice choice) => (_all.Last is { } all ? Choose(all, choice)?.Cost : null) ?? Quota.Of((Quota.Instances, 1));

    /// <summary>What a server uses.</summary>
    public Quota CostOf(ServerEntry server) => server.Flavor switch
    {
        { Vcpus: { } cores, Ram: { } ram } => Quota.Of((Quota.Instances, 1), (Quota.Cores, cores), (Quota.Ram, ram)),
        { Id: { } id } => _all.Last?.FirstOrDefault(flavor => flavor.Id == id)?.Cost ?? Quota.Of((Quota.Instances, 1)),
        _ => Quota.Of((Quota.Instances, 1)),
    };

    /// <summary>A flavor that was found here is not there any more.</summary>
    public void Forget() => _all.Forget();

    /// <inheritdoc/>
    public void Dispose() => _all.Dispose();

    /// <summary>See <see cref="OpenStackFlavorChoice"/>. A name counts before an id, as people mean names.</summary>
    internal static FlavorEntry? Choose(IReadOnlyList<FlavorEntry> all, OpenStackFlavorChoice choice) => choice.MinRam is { } ram
        ? all.Where(flavor => !flavor.IsDisabled && flavor.Ram >= ram && flavor.Name.Contains(choice.Name ?? "", StringComparison.Ordinal))
            .OrderBy(flavor => flavor.Ram).ThenBy(flavor => flavor.Name, StringComparer.Ordinal).FirstOrDefault()
        : all.FirstOrDefault(flavor => flavor.Name == choice.Name) ?? all.FirstOrDefault(flavor => flavor.Id == choice.Name);

    private static string Describe(OpenStackFlavorChoice choice) => choice switch
    {
        { MinRam: { } ram, Name: { } name } => $"of at least {ram} MiB (min-ram) whose name contains '{name}' (flavor-name)",
        { MinRam: { } ram } => $"of at least {ram} MiB (min-ram)",
        _ => $"with the name or id '{choice.Name}' (flavor-name)",
    };

    private static string Names(IReadOnlyList<FlavorEntry> all) =>
        all.Count == 0 ? "none that this project may use" : string.Join(", ", all.OrderBy(flavor => flavor.Ram).Select(flavor => $"'{flavor.Name}' ({flavor.Ram} MiB)"));

    private async ValueTask<IReadOnlyList<FlavorEntry>> ListAsync(CancellationToken ct)
    {
        var flavors = new List<FlavorEntry>();
        for (CloudCall? call = CloudCall.Get(CloudService.Compute, "flavors/detail"); call is not null;)
        {
            var page = (await _api.SendAsync(call, ct)).Read(ComputeJson.Default.FlavorsPage);
            flavors.AddRange(page.Flavors);
            call = PageLink.Next(page.FlavorsLinks) is { } next ? call.Following(next) : null;
        }

        return flavors;
    }
}
