namespace Nodepool.Roles;

/// <summary>Somebody wants the configuration files looked at now, as SIGHUP asks for. Thread-safe.</summary>
internal sealed class ReloadSignal
{
    /// <summary>Called whenever it is raised; must return at once.</summary>
    public event Action? Raised;

    /// <summary>Asks for a look. Does nothing when nobody follows the files yet: then they have not been read either.</summary>
    public void Raise() => Raised?.Invoke();
}
