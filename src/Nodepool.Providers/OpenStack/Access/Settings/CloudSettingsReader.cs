using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>Makes the settings of one cloud and region from what files and environment say.</summary>
internal sealed class CloudSettingsReader(CloudFiles files)
{
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Reads the files as they are now.</summary>
    /// <param name="cloud">Name of the entry.</param>
    /// <param name="region">Region; null takes the entry's first.</param>
    /// <exception cref="Core.Providers.ProviderException">Rejected: what is wrong, in which file, and what to do.</exception>
    public CloudSettings Read(string cloud, string? region)
    {
        var documents = files.Read();
        var entry = Find(documents, cloud, region, out var chosen, out var warnings);
        var settings = new CloudSettings
        {
            Cloud = cloud,
            Region = chosen,
            Origin = entry.Origin,
            AuthUrl = AuthReader.ReadUrl(entry),
            Credentials = AuthReader.ReadCredentials(entry),
            Scope = AuthReader.ReadScope(entry),
            Tls = ReadTls(entry),
            CallTimeout = entry.Seconds("api_timeout") ?? UsualTimeout,
            Services = ServiceReader.Read(entry),
            ImageFormat = entry.Text("image_format"),
            PrefersImport = entry.Truth("image_api_use_import", false),
            FloatingIpSource = ReadSource(entry),
            Networks = NetworkReader.Read(entry),
            PrefersPrivate = entry.Truth("private", false),
            ForcesIpv4 = ReadForcesIpv4(documents, entry),
        };
        if (settings.Scope is null && settings.Credentials is Credentials.UserPassword)
        {
            throw entry.Error("'auth: project_name:' (or project_id) is missing: servers and images belong to a project");
        }

        return settings with { Warnings = warnings.Concat(Doubts(settings, entry)).ToValueList() };
    }

    /// <summary>The <c>image_format</c> of an entry; null when it has none or cannot be read.</summary>
    public string? FindImageFormat(string cloud)
    {
        try
        {
            return Find(files.Read(), cloud, null, out _, out _).Text("image_format");
        }
        catch (Core.Providers.ProviderException)
        {
            return null;
        }
    }

    private static CloudEntry Find(CloudDocuments documents, string cloud, string? region, out string? chosen, out List<string> warnings)
    {
        if (!documents.Clouds.TryGetValue(cloud, out var value) || value is not DataValue.Mapping own)
        {
            throw SettingsError.Of(documents.Clouds.Count == 0
                ? $"cloud '{cloud}': {documents.Origin}; write one with this cloud, or give its place in OS_CLIENT_CONFIG_FILE"
                : $"cloud '{cloud}' is not in {documents.Origin}; there are {string.Join(", ", documents.Clouds.Keys.Select(name => $"'{name}'"))}. "
                    + "Correct 'cloud' of the provider, or add the entry; only the first clouds.yaml that is found is read");
        }

        warnings = [];
        var origin = cloud == documents.EnvironmentCloud ? "the environment (OS_*)" : documents.Origin;
        var entry = SettingsMerge.WithUnderscores(own);
        var profile = FindProfile(documents, new CloudEntry(cloud, origin, entry), warnings);
        var values = SettingsMerge.Entry(profile, entry);
        values = RegionReader.Apply(new CloudEntry(cloud, origin, entry), new CloudEntry(cloud, origin, profile), values, region, out chosen);
        return new CloudEntry(cloud, origin, values);
    }

    private static ValueMap<DataValue> FindProfile(CloudDocuments documents, CloudEntry own, List<string> warnings)
    {
        if (own.Text("profile", "cloud") is not { } name || name == documents.EnvironmentCloud)
        {
            return ValueMap<DataValue>.Empty;
        }

        if (documents.Profiles.TryGetValue(name, out var value) && value is DataValue.Mapping profile)
        {
            return SettingsMerge.WithUnderscores(profile);
        }

        var remedy = $"profile '{name}' is not in a clouds-public.yaml; those that come with openstacksdk are not known here: "
            + "put what it stands for (auth_url, regions, …) into clouds-public.yaml under 'public-clouds', or into the entry";
        if (own.Auth.Text("auth_url") is null && own.Text("auth_url") is null)
        {
            throw own.Error(remedy);
        }

        warnings.Add(remedy);
        return ValueMap<DataValue>.Empty;
    }

    private TlsSettings ReadTls(CloudEntry entry)
    {
        var (authorities, certificate, key) = (PathOf("cacert", "cafile"), PathOf("cert", "certfile"), PathOf("key", "keyfile"));
        return new TlsSettings
        {
            Verifies = entry.Truth("verify", true) && !entry.Truth("insecure", false),
            Authorities = authorities,
            Certificate = certificate,
            Key = key,
            Stamp = string.Join(' ', new[] { authorities, certificate, key }.Select(path => path is null ? 0 : File.GetLastWriteTimeUtc(path).Ticks)),
        };

        string? PathOf(params ReadOnlySpan<string> keys) => entry.Text(keys) is { } path ? files.Resolve(entry.Expand(path)) : null;
    }

    private static FloatingIpSource ReadSource(CloudEntry entry) => entry.Text("floating_ip_source")?.ToLowerInvariant() switch
    {
        null or "neutron" => FloatingIpSource.Neutron,
        "nova" => FloatingIpSource.Nova,
        "none" => FloatingIpSource.None,
        var other => throw entry.Error($"'floating_ip_source: {other}' must be neutron, nova or None"),
    };

    /// <summary>Of the entry, the environment and the section <c>client</c> the first that says it.</summary>
    private bool ReadForcesIpv4(CloudDocuments documents, CloudEntry entry)
    {
        var client = documents.Main.Entries.TryGetValue("client", out var value) && value is DataValue.Mapping map ? SettingsMerge.WithUnderscores(map) : ValueMap<DataValue>.Empty;
        var variables = new[] { ("force_ipv4", files.Variable("OS_FORCE_IPV4")), ("prefer_ipv6", files.Variable("OS_PREFER_IPV6")) }
            .Where(variable => variable.Item2 is not null)
            .Select(variable => KeyValuePair.Create<string, DataValue>(variable.Item1, new DataValue.Text(variable.Item2!)));
        return Says(entry) ?? Says(new CloudEntry(entry.Name, "the environment", new ValueMap<DataValue>(variables))) ?? Says(new CloudEntry(entry.Name, entry.Origin, client)) ?? false;

        static bool? Says(CloudEntry part) =>
            part.Has("prefer_ipv6") && !part.Truth("prefer_ipv6", true) ? true
            : part.Has("force_ipv4") ? part.Truth("force_ipv4", false)
            : part.Has("broken_ipv6") ? part.Truth("broken_ipv6", false)
            : null;
    }

    private static IEnumerable<string> Doubts(CloudSettings settings, CloudEntry entry)
    {
        if (!settings.Tls.Verifies)
        {
            yield return "'verify: false': whoever can get between here and the cloud can read the password and every token, and act as this project. "
                + "Give the authority that signed the cloud's certificates as 'cacert' instead";
        }

        if (!settings.Tls.Verifies && settings.Tls.Authorities is not null)
        {
            yield return "'cacert' has no effect beside 'verify: false'";
        }

        if (settings.Credentials is Credentials.ForeignToken)
        {
            yield return "a token cannot be renewed: calls will fail when it ends. An application credential suits programs best";
        }

        if (settings.Credentials.FixesProject && settings.Scope is not null)
        {
            yield return "project and trust have no effect beside an application credential, which is for one project";
        }

        if (entry.Truth("image_api_use_tasks", false))
        {
            yield return "'image_api_use_tasks' has no effect: Glance has taken images directly or by import since 2014";
        }
    }
}
