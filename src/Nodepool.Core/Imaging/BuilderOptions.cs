namespace Nodepool.Core.Imaging;

/// <summary>How a builder process is run.</summary>
public sealed record BuilderOptions
{
    /// <summary>Host name that it is registered under and that builds are signed with.</summary>
    public required string Hostname { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Builds at once.</summary>
    public int BuildWorkers { get; init; } = 1;

    /// <summary>Uploads at once.</summary>
    public int UploadWorkers { get; init; } = 4;
}
