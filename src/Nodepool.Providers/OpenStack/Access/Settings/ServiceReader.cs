using Nodepool.Core.Collections;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>Reads what is said of single services, under any of a service's names.</summary>
internal static class ServiceReader
{
    private const int OldestCinder = 3;

    /// <summary>Types of a service in catalogues and, with underscores, in keys: the official one first, then the aliases that exist.</summary>
    public static string[] TypesOf(CloudService service) => service switch
    {
        CloudService.Compute => ["compute"],
        CloudService.Image => ["image"],
        CloudService.Network => ["network"],
        _ => ["block-storage", "volumev3", "block-store", "volumev2", "volume"],
    };

    /// <summary>All services, in the order of the enumeration.</summary>
    public static ValueList<ServiceSettings> Read(CloudEntry entry) => Enum.GetValues<CloudService>().Select(service => Read(entry, service)).ToValueList();

    private static ServiceSettings Read(CloudEntry entry, CloudService service)
    {
        var version = Find(entry, service, "api_version");
        CheckMajor(entry, service, version);
        var interfaces = entry.Texts(KeyOf(entry, service, "interface", "endpoint_type") ?? (entry.Has("interface") ? "interface" : "endpoint_type"));
        return new ServiceSettings
        {
            Interfaces = interfaces.Count == 0 ? ["public"] : interfaces.Select(Interface).ToValueList(),
            Region = Find(entry, service, "region_name"),
            Endpoint = (Find(entry, service, "endpoint_override") ?? Find(entry, service, "endpoint")) is { } url ? ReadUrl(entry, service, url) : null,
            Type = Find(entry, service, "service_type"),
            Name = Find(entry, service, "service_name"),
            MicroversionLimit = ReadMicroversion(entry, service, version),
            IsDisabled = !entry.Truth("has_" + Name(TypesOf(service)[0]), true),
        };
    }

    /// <summary>Some configurations still have the names of Keystone's old version: publicURL.</summary>
    private static string Interface(string text) => text.EndsWith("URL", StringComparison.Ordinal) ? text[..^3] : text;

    private static Uri ReadUrl(CloudEntry entry, CloudService service, string url) =>
        Uri.TryCreate(entry.Expand(url), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw entry.Error($"the endpoint of {TypesOf(service)[0]} must be an http or https address");

    private static void CheckMajor(CloudEntry entry, CloudService service, string? version)
    {
        var isKnown = version is null || version.TrimStart('v').Split('.')[0] is var major
            && (service == CloudService.BlockStorage ? int.TryParse(major, out var number) && number >= OldestCinder : major == "2");
        if (!isKnown)
        {
            throw entry.Error(
                $"'{Name(TypesOf(service)[0])}_api_version: {version}' is not supported here, only {(service == CloudService.BlockStorage ? "3" : "2")}; remove the key to take that");
        }
    }

    private static Microversion? ReadMicroversion(CloudEntry entry, CloudService service, string? version)
    {
        if (Find(entry, service, "default_microversion") is { } text)
        {
            return Microversion.Parse(text) ?? throw entry.Error($"'{TypesOf(service)[0]}_default_microversion' must be such as 2.79");
        }

        // 2.0 and 3.0 are how some people write a major version.
        return Microversion.Parse(version?.TrimStart('v')) is { Minor: > 0 } implied && service is CloudService.Compute or CloudService.BlockStorage ? implied : null;
    }

    private static string? Find(CloudEntry entry, CloudService service, string key) => KeyOf(entry, service, key) is { } found ? entry.Text(found) : null;

    private static string? KeyOf(CloudEntry entry, CloudService service, params ReadOnlySpan<string> keys)
    {
        foreach (var type in TypesOf(service))
        {
            foreach (var key in keys)
            {
                if (entry.Has($"{Name(type)}_{key}"))
                {
                    return $"{Name(type)}_{key}";
                }
            }
        }

        return null;
    }

    private static string Name(string type) => type.Replace('-', '_');
}
