namespace Nodepool.Core.Config.Reading.V2;

/// <summary>Keys of the present form at top level that files of the older form may carry as well: files of 2017 were between the forms.</summary>
internal static class TopLevelKeys
{
    /// <summary>Settings that stand before the lists, in the order in which a migrated file has them.</summary>
    public static readonly string[] Settings =
    [
        "zookeeper-tls", "zookeeper-timeout", "state-dir", "webapp", "elements-dir", "images-dir", "build-log-dir", "build-log-retention",
        "max-hold-age",
    ];

    /// <summary>Keys that say nothing about the form.</summary>
    public static readonly string[] Others = [.. Settings, "tenant-resource-limits"];
}
