namespace Nodepool.Roles;

/// <summary>What lies where in the state directory.</summary>
internal static class StateFiles
{
    /// <summary>The embedded store.</summary>
    public static string Store(string stateDir) => Path.Combine(stateDir, "state.db");

    /// <summary>CPU profiles that somebody asked for.</summary>
    public static string Profiles(string stateDir) => Path.Combine(stateDir, "profiles");

    /// <summary>What the driver of one provider keeps.</summary>
    public static string Provider(string stateDir, string provider) => Path.Combine(stateDir, "providers", provider);
}
