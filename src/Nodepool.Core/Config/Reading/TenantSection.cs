using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Reads <c>tenant-resource-limits</c>.</summary>
internal static class TenantSection
{
    private static readonly (string Key, string Resource)[] Common =
    [
        ("max-servers", Quota.Instances), ("max-cores", Quota.Cores), ("max-ram", Quota.Ram), ("max-volumes", Quota.Volumes),
        ("max-volume-gb", Quota.VolumeGb),
    ];

    private static readonly string[] Known = ["tenant-name", "weight", .. Common.Select(limit => limit.Key)];

    public static ValueList<TenantLimit> ReadAll(ConfigMap root) =>
        ProviderSection.ReadOnce(root.Maps("tenant-resource-limits"), Read, "tenant-name");

    private static TenantLimit Read(ConfigMap section)
    {
        var tenant = section.RequiredText("tenant-name");
        var limits = new List<KeyValuePair<string, long>>();
        foreach (var (key, resource) in Common)
        {
            Limit(key, resource);
        }

        foreach (var key in section.Keys.Except(Known))
        {
            if (NearestName.Of(key, Known) is { } near)
            {
                section.Warn(key, new Complaint($"taken as the name of a resource{Wording.DidYouMean(near)}", Suggestion: near));
            }

            Limit(key, key);
        }

        return new TenantLimit(tenant, new Quota(new ValueMap<long>(limits)), section.OptionalInt("weight", min: 1) ?? 1);

        void Limit(string key, string resource)
        {
            if (section.OptionalInt(key, min: 0) is { } most)
            {
                limits.Add(new(resource, most));
            }
        }
    }
}
