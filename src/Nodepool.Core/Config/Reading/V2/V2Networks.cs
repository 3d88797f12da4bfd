using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>The <c>networks</c> of a provider: mappings with one of three keys become plain names or ids.</summary>
internal static class V2Networks
{
    private static readonly string[] Keys = ["name", "net-id", "net-label"];

    public static void Put(MappingDraft pool, ConfigMap provider, V2Notes notes)
    {
        if (!provider.Node.TryGet("networks", out var entry) || entry.Value is not YamlSequence list || list.Items.All(item => item.Value is YamlScalar))
        {
            pool.Copy(provider, "networks");
            return;
        }

        var names = new List<YamlItem>();
        foreach (var network in provider.Maps("networks"))
        {
            network.Ignore(Keys);
            notes.Drop(network, "public", "the cloud knows which of its networks are public");
            if (Array.Find(Keys, network.Has) is { } key && network.Node.TryGet(key, out var name))
            {
                names.Add(new YamlItem(name.Value, name.ValuePlace, network.PathOf(key)));
            }
            else
            {
                network.Error("", "a network needs 'name' or 'net-id'");
            }
        }

        pool.Put("networks", new YamlSequence(list.Span, names), entry.ValuePlace, provider.PathOf("networks"));
    }
}
