namespace Nodepool.Daemons;

/// <summary>Where Python's daemons keep their files when they run in the background.</summary>
internal static class DaemonFiles
{
    /// <summary>File with the process id.</summary>
    public static string Pid(string daemon) => $"/var/run/nodepool/{Stem(daemon)}.pid";

    /// <summary>The log, unless a log configuration says otherwise.</summary>
    public static string Log(string daemon) => $"/var/log/nodepool/{Stem(daemon)}.log";

    private static string Stem(string daemon) => daemon == "nodepool-builder" ? daemon : "nodepool";
}
