using Nodepool.Core.Config;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>
/// Reads who we are and which project we want. Keys may stand in <c>auth</c> or beside it, as those of the environment do. What is
/// about project, domain and token counts beside <c>auth</c> first, the others inside it first: so openstacksdk has it.
/// </summary>
internal static class AuthReader
{
    private static readonly string[] Types = ["password", "v3password", "v3applicationcredential", "token", "v3token"];

    public static Uri ReadUrl(CloudEntry entry)
    {
        var text = entry.Auth.Text("auth_url") ?? entry.Text("auth_url") ?? throw entry.Error("'auth: auth_url:' is missing: the address of Keystone");
        return Uri.TryCreate(entry.Expand(text), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw entry.Error("'auth_url' must be an http or https address");
    }

    public static Credentials ReadCredentials(CloudEntry entry)
    {
        if (entry.Text("identity_api_version") is { } version && !version.StartsWith('3'))
        {
            throw entry.Error("'identity_api_version' must be 3: Keystone has had no other since 2018");
        }

        switch (TypeOf(entry))
        {
            case "v3applicationcredential":
                var id = Inside(entry, "application_credential_id");
                var name = id is null ? Inside(entry, "application_credential_name") ?? throw Missing(entry, "application_credential_id") : null;
                return new Credentials.Application(id, name, id is null ? ReadUser(entry) : null, SecretOf(entry, "application_credential_secret"));
            case "token" or "v3token":
                return new Credentials.ForeignToken(new Secret(Beside(entry, "token", "auth_token") ?? throw Missing(entry, "token")));
            default:
                return new Credentials.UserPassword(ReadUser(entry), SecretOf(entry, "password"));
        }
    }

    public static ProjectScope? ReadScope(CloudEntry entry)
    {
        if (Inside(entry, "trust_id") is { } trust)
        {
            return new ProjectScope(null, null, null, trust);
        }

        if (Beside(entry, "project_id", "tenant_id") is { } id)
        {
            return new ProjectScope(id, null, null);
        }

        return Beside(entry, "project_name", "tenant_name") is { } name ? new ProjectScope(null, name, ReadDomain(entry, "project")) : null;
    }

    /// <summary>The type that is given; without one, what the keys that are there are good for.</summary>
    private static string TypeOf(CloudEntry entry)
    {
        var type = entry.Text("auth_type", "auth_plugin");
        if (type is not null)
        {
            return Types.Contains(type)
                ? type
                : throw entry.Error($"'auth_type: {type}' is not supported here; use one of {string.Join(", ", Types)}. An application credential suits programs best");
        }

        return Inside(entry, "application_credential_secret") is not null ? "v3applicationcredential"
            : Inside(entry, "password") is null && Beside(entry, "token", "auth_token") is not null ? "token"
            : "password";
    }

    private static UserName ReadUser(CloudEntry entry)
    {
        if (Inside(entry, "user_id") is { } id)
        {
            return new UserName(id, null, null);
        }

        var name = Inside(entry, "username", "user_name", "user") ?? throw Missing(entry, "username");
        return new UserName(null, name, ReadDomain(entry, "user"));
    }

    /// <summary>The domain of user or project; the one that is given for both; the other's; the one called default.</summary>
    private static DomainName ReadDomain(CloudEntry entry, string whose)
    {
        var other = whose == "user" ? "project" : "user";
        string[] prefixes = [$"{whose}_domain", "domain", "default_domain", $"{other}_domain"];
        foreach (var prefix in prefixes)
        {
            if (Beside(entry, prefix + "_id") is { } id)
            {
                return new DomainName(id, null);
            }

            if (Beside(entry, prefix + "_name") is { } name)
            {
                return new DomainName(null, name);
            }
        }

        return new DomainName("default", null);
    }

    private static Secret SecretOf(CloudEntry entry, string key) => new(Inside(entry, key) ?? throw Missing(entry, key));

    private static string? Inside(CloudEntry entry, params ReadOnlySpan<string> keys) => entry.Auth.Text(keys) ?? entry.Text(keys);

    private static string? Beside(CloudEntry entry, params ReadOnlySpan<string> keys) => entry.Text(keys) ?? entry.Auth.Text(keys);

    private static Exception Missing(CloudEntry entry, string key) =>
        entry.Error($"'auth: {key}:' is missing; secrets may also stand in secure.yaml, and of each kind of file only the first that is found is read");
}
