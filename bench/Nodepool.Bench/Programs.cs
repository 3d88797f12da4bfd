namespace Nodepool.Bench;

/// <summary>The programs that there are to measure.</summary>
internal static class Programs
{
    private static readonly string Artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../.."));

    /// <summary>The one that <c>./dev build</c> makes: compiled while it runs.</summary>
    public static string Built { get; } = $"{Artifacts}/bin/Nodepool/release/nodepool";

    /// <summary>The daemon of <c>./dev publish</c>: compiled when it was made, and again while it runs.</summary>
    public static string PublishedDaemon { get; } = $"{Artifacts}/publish/lib/nodepool/daemon/nodepool";

    /// <summary>The commands of <c>./dev publish</c>: compiled ahead of time.</summary>
    public static string PublishedCommands { get; } = $"{Artifacts}/publish/bin/nodepool";

    /// <summary>What a host would run as a launcher: the published daemon when there is one.</summary>
    public static string Daemon => File.Exists(PublishedDaemon) ? PublishedDaemon : Built;

    /// <summary>What a host would run as a command: the published one when there is one.</summary>
    public static string Commands => File.Exists(PublishedCommands) ? PublishedCommands : Built;
}
