using Nodepool.Core.Collections;

namespace Nodepool.Core.Config;

/// <summary>An image that we build; one element of <c>diskimages</c>.</summary>
public sealed record DiskImageConfig
{
    /// <summary><c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Which <see cref="Images.IImageTool"/> builds it; <c>image-tool</c>, an addition of this product.</summary>
    public string Tool { get; init; } = "diskimage-builder";

    /// <summary>Command and leading arguments of diskimage-builder; <c>dib-cmd</c>, split like a shell does.</summary>
    public ValueList<string> DibCommand { get; init; } = ["disk-image-create"];

    /// <summary><c>elements</c> of diskimage-builder.</summary>
    public ValueList<string> Elements { get; init; } = [];

    /// <summary>Debian packages beyond the tool's own; <c>packages</c>, an addition, for the mmdebstrap tool.</summary>
    public ValueList<string> Packages { get; init; } = [];

    /// <summary><c>env-vars</c>: environment of the build. May hold secrets: never logged.</summary>
    public ValueMap<string> EnvVars { get; init; } = ValueMap<string>.Empty;

    /// <summary>Names in <see cref="EnvVars"/> whose values come from the secure file: covered wherever something is quoted.</summary>
    public ValueList<string> SecretVariables { get; init; } = [];

    /// <summary><c>formats</c> asked for here; the builder adds what providers need.</summary>
    public ValueList<string> Formats { get; init; } = [];

    /// <summary>Formats whose local file stays after the upload all the same; <c>keep-formats</c>.</summary>
    public ValueList<string> KeepFormats { get; init; } = [];

    /// <summary>Remove the local file of a format as soon as every provider that needs it has it; <c>delete-after-upload</c>.</summary>
    public bool DeleteAfterUpload { get; init; }

    /// <summary>
    /// Usable uploads kept per provider, and builds: the one in use and those to go back to; at least 1; <c>image-retention</c>, an addition of this product.
    /// </summary>
    public int Retention { get; init; } = 2;

    /// <summary>How a new upload proves itself; null: it serves all launches at once; <c>image-canary</c>, an addition of this product.</summary>
    public CanaryConfig? Canary { get; init; }

    /// <summary><c>release</c> of the distribution; empty leaves the choice to the tool.</summary>
    public string Release { get; init; } = "";

    /// <summary>A ready build older than this is built again; <c>rebuild-age</c>, seconds in the file.</summary>
    public TimeSpan RebuildAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>A build that takes longer is ended; <c>build-timeout</c>, seconds in the file.</summary>
    public TimeSpan BuildTimeout { get; init; } = TimeSpan.FromHours(8);

    /// <summary>No builds; <c>pause</c>.</summary>
    public bool Pause { get; init; }

    /// <summary>A template for others, never built; <c>abstract</c>.</summary>
    public bool IsAbstract { get; init; }

    /// <summary>Login user of nodes booted from it; <c>username</c>.</summary>
    public string Username { get; init; } = "zuul";

    /// <summary><c>python-path</c>.</summary>
    public string PythonPath { get; init; } = "auto";

    /// <summary><c>shell-type</c>, or null.</summary>
    public string? ShellType { get; init; }

    /// <summary>Default image properties at providers; <c>metadata</c>.</summary>
    public ValueMap<string> Metadata { get; init; } = ValueMap<string>.Empty;
}
