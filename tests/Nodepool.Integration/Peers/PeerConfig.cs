using System.Globalization;

namespace Nodepool.Integration.Peers;

/// <summary>Configurations of the driver fake for launchers of a <see cref="PeerBed"/>.</summary>
internal static class PeerConfig
{
    /// <summary>Labels of which none is kept ready.</summary>
    public static string Labels(params string[] names) => Labels(0, names);

    public static string Labels(int minReady, params string[] names) =>
        "labels:\n" + string.Concat(names.Select(name => $"  - name: {name}\n    min-ready: {minReady}\n")) + "providers:\n";

    /// <summary>A provider whose pool <c>main</c> has those labels.</summary>
    /// <param name="bed">Keeps its instances.</param>
    /// <param name="name">Its name.</param>
    /// <param name="labels">Labels of the pool.</param>
    /// <param name="behaviour">Further keys of the provider, such as latencies; one per line.</param>
    /// <param name="maxServers">Limit of the pool.</param>
    /// <param name="scanPort">The port that nodescan tries; none means no scan.</param>
    public static string Provider(PeerBed bed, string name, string[] labels, string behaviour = "", int maxServers = 50, int? scanPort = null)
    {
        var scans = scanPort is null ? "false" : "true";
        var port = (scanPort ?? 22).ToString(CultureInfo.InvariantCulture);
        return $"""
              - name: {name}
                driver: fake
                instances-file: {bed.Instances(name)}
            {string.Concat(behaviour.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"    {line}\n"))}    pools:
                  - name: main
                    max-servers: {maxServers}
                    labels:
            {string.Concat(labels.Select(label => $"          - name: {label}\n            cloud-image: debian\n            min-ram: 1024\n            host-key-checking: {scans}\n"))}    cloud-images:
                  - name: debian
                    connection-port: {port}

            """;
    }
}
