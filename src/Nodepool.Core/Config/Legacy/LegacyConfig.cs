using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Legacy;

/// <summary>
/// What a file of the form before Nodepool 3 says beyond the present form: how CI systems were told of nodes. Nothing
/// of it changes which nodes there are.
/// </summary>
public sealed record LegacyConfig
{
    /// <summary>Where the demand of Zuul 2 was read; <c>gearman-servers</c>.</summary>
    public ValueList<LegacyGearmanServer> GearmanServers { get; init; } = [];

    /// <summary>CI systems that nodes were handed to, in file order; <c>targets</c>.</summary>
    public ValueList<LegacyTarget> Targets { get; init; } = [];

    /// <summary>Labels that say more than the present form can, in file order.</summary>
    public ValueList<LegacyLabel> Labels { get; init; } = [];

    /// <summary>How targets log in to nodes, by provider and image, in file order.</summary>
    public ValueList<LegacyLogin> Logins { get; init; } = [];

    /// <summary>Accounts that stand in the file itself and belong into <c>clouds.yaml</c>, in file order.</summary>
    public ValueList<LegacyCloud> Clouds { get; init; } = [];

    /// <summary>Directory of scripts for snapshot images; <c>script-dir</c>; null when absent.</summary>
    public string? ScriptDir { get; init; }

    /// <summary>SQL database of the nodes; <c>dburi</c>, which the daemons took from the secure file only; null when absent.</summary>
    public Secret? DatabaseUri { get; init; }
}
