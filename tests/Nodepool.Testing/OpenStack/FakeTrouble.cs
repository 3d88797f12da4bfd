namespace Nodepool.Testing.OpenStack;

/// <summary>What befalls a call on its way.</summary>
public enum FakeTrouble
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>429 with a pause.</summary>
    TooMany,

    /// <summary>500; the call is not carried out.</summary>
    Failed,

    /// <summary>The connection breaks before the service gets the call.</summary>
    Reset,

    /// <summary>The call is carried out, but its answer does not arrive.</summary>
    LostAnswer,

    /// <summary>The call is carried out, but its answer breaks off in the middle.</summary>
    Truncated,
}
