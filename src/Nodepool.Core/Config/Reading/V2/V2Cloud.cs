namespace Nodepool.Core.Config.Reading.V2;

/// <summary>How a provider finds its account: a name in <c>clouds.yaml</c>, or in v2 also the account itself.</summary>
internal static class V2Cloud
{
    /// <summary>Keys of an account, with the keys that <c>clouds.yaml</c> has for them.</summary>
    private static readonly (string Key, string CloudKey, bool IsAuth)[] Keys =
    [
        ("auth-url", "auth_url", true), ("username", "username", true), ("password", "password", true), ("project-id", "project_id", true),
        ("project-name", "project_name", true), ("service-type", "compute_service_type", false), ("service-name", "compute_service_name", false),
        ("api-timeout", "api_timeout", false),
    ];

    public static void Put(MappingDraft draft, ConfigMap provider, V2Notes notes)
    {
        var inline = Keys.Where(key => provider.Has(key.Key)).ToList();
        foreach (var key in Keys)
        {
            provider.Ignore(key.Key);
        }

        if (!provider.Has("cloud"))
        {
            var name = provider.Text("name") ?? "";
            notes.Change(
                provider, inline.Count > 0 ? inline[0].Key : "",
                "an account stands in clouds.yaml: add a cloud there with the provider's name and this account");
            Explain(draft, provider, $"clouds.yaml needs a cloud {Wording.Quote(name)} with", inline);
            draft.Copy(provider, "name", "cloud");
            return;
        }

        foreach (var (key, cloudKey, _) in inline)
        {
            notes.Change(provider, key, $"{Wording.Quote(key)} stands in clouds.yaml, as {cloudKey}: move it there");
        }

        Explain(draft, provider, "move to this cloud in clouds.yaml:", inline);
        draft.Copy(provider, "cloud");
    }

    private static void Explain(MappingDraft draft, ConfigMap provider, string intro, List<(string Key, string CloudKey, bool IsAuth)> keys)
    {
        if (keys.Count == 0)
        {
            return;
        }

        draft.Remark(intro);
        if (keys.Any(key => key.IsAuth))
        {
            draft.Remark("  auth:");
        }

        foreach (var (key, cloudKey, isAuth) in keys)
        {
            var value = SecretNames.Hides(key) ? "(as it was in the file before)" : Wording.Printable(provider.Text(key) ?? "", 200);
            draft.Remark($"  {(isAuth ? "  " : "")}{cloudKey}: {value}");
        }
    }
}
