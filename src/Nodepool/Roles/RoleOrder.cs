using Nodepool.Configuration;
using Nodepool.Core.Config;
using Nodepool.Core.Launching;

namespace Nodepool.Roles;

/// <summary>Which roles to host, and how, as the command line has it.</summary>
/// <param name="Names">Names of the roles, in the order in which they are started.</param>
/// <param name="Files">The configuration files, which are followed while they run.</param>
/// <param name="Config">The configuration now.</param>
/// <param name="Loggers">Makes loggers.</param>
internal sealed record RoleOrder(IReadOnlyList<string> Names, ConfigFiles Files, NodepoolConfig Config, ILoggerFactory Loggers)
{
    public const string Launcher = "launcher";
    public const string Builder = "builder";
    public const string Web = "web";

    /// <summary>The main configuration file, as it was named.</summary>
    public string ConfigFile => Files.Name;

    /// <summary>Makes the process look at its configuration files at once.</summary>
    public ReloadSignal Reload { get; init; } = new();

    /// <summary>Tell the person at the terminal how far it is and how to use it.</summary>
    public bool IsGuided { get; init; }

    /// <summary>Use everything once, then stop; a failure is the command's failure.</summary>
    public bool IsCheck { get; init; }

    /// <summary>What the guide and the check name.</summary>
    public Guide.UpFacts? Facts { get; init; }

    /// <summary>What the launcher does and leaves alone.</summary>
    public LauncherOptions LauncherOptions { get; init; } = LauncherOptions.All;

    /// <summary>Called when the roles have been started for the first time.</summary>
    public Action Serving { get; init; } = () => { };

    /// <summary>Image builds at once.</summary>
    public int BuildWorkers { get; init; } = 1;

    /// <summary>Uploads at once.</summary>
    public int UploadWorkers { get; init; } = 4;
}
