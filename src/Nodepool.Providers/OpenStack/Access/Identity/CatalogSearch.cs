using Nodepool.Core.Collections;
using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>Finds a service in the catalogue.</summary>
internal static class CatalogSearch
{
    /// <summary>Its address as the catalogue, or clouds.yaml, has it; null when the cloud does not offer it here.</summary>
    /// <exception cref="Core.Providers.ProviderException">Rejected: several regions have it, and none is named.</exception>
    public static string? Find(CloudSettings settings, CloudToken token, CloudService service)
    {
        var own = settings.Of(service);
        if (own.IsDisabled)
        {
            return null;
        }

        if (own.Endpoint is { } endpoint)
        {
            return WithProject(endpoint.OriginalString, token);
        }

        var all = Offered(own, token.Catalog, service).ToList();
        var region = own.Region ?? settings.Region;
        var regions = all.Select(found => found.Region).Distinct().ToList();
        if (region is null && regions.Count > 1)
        {
            throw SettingsError.Of(
                $"{settings.Title}: {ServiceReader.TypesOf(service)[0]}: the cloud has regions {string.Join(", ", regions.Select(name => $"'{name}'"))}; "
                + $"name one: 'region-name' of the provider, or 'region_name' in {settings.Origin}");
        }

        var here = all.Where(found => region is null || found.Region is null || found.Region == region).ToList();
        return own.Interfaces.Select(name => here.FirstOrDefault(found => found.Interface == name)).FirstOrDefault(found => found is not null)?.Url;
    }

    /// <summary>Why a service was not found, and what to do.</summary>
    public static string Explain(CloudSettings settings, CloudToken token, CloudService service)
    {
        var own = settings.Of(service);
        var title = $"{settings.Title}: {ServiceReader.TypesOf(service)[0]}";
        if (own.IsDisabled)
        {
            return $"{title}: switched off in {settings.Origin} (has_…: false)";
        }

        if (token.Catalog.Count == 0)
        {
            return $"{title}: the token has no catalogue, so it is for no project; name one in {settings.Origin} ('auth: project_name:')";
        }

        var all = Offered(own, token.Catalog, service).Select(found => $"{found.Interface} in region '{found.Region}'").Distinct().ToList();
        return all.Count == 0
            ? $"{title}: the cloud does not offer it to this project; it has {string.Join(", ", token.Catalog.Select(found => found.Type).Distinct())}"
            : $"{title}: the catalogue has it only as {string.Join(", ", all)}, not as {string.Join(", ", own.Interfaces)}; correct region or 'interface' in {settings.Origin}";
    }

    /// <summary>Endpoints of the first type that the catalogue has.</summary>
    private static IEnumerable<CatalogEndpoint> Offered(ServiceSettings own, ValueList<CatalogEndpoint> catalog, CloudService service)
    {
        string[] types = own.Type is { } given ? [given] : ServiceReader.TypesOf(service);
        return types.Select(type => catalog.Where(found => found.Type == type && (own.Name is null || found.Name == own.Name)).ToList()).FirstOrDefault(found => found.Count > 0) ?? [];
    }

    private static string WithProject(string url, CloudToken token) => token.ProjectId is not { } project ? url : url
        .Replace("%(project_id)s", project, StringComparison.Ordinal).Replace("%(tenant_id)s", project, StringComparison.Ordinal)
        .Replace("$(project_id)s", project, StringComparison.Ordinal).Replace("$(tenant_id)s", project, StringComparison.Ordinal);
}
