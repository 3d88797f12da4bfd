using Nodepool.Core.Collections;

namespace Nodepool.Providers.Processes;

/// <summary>One program to run.</summary>
public sealed record ProcessOrder
{
    /// <summary>Name (looked up in PATH and the sbin directories) or absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>Arguments, passed as they are; no shell sees them.</summary>
    public ValueList<string> Arguments { get; init; } = [];

    /// <summary>Variables beside those of this process; an equal name replaces.</summary>
    public ValueMap<string> Environment { get; init; } = ValueMap<string>.Empty;

    /// <summary>Working directory, or null for that of this process.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Standard input; null is an empty one.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>File that receives all output, appended and flushed as it comes; null for none.</summary>
    public string? LogPath { get; init; }

    /// <summary>What is kept, written and told of a line of output instead of it; null for the line itself. The line's end is no part of it.</summary>
    public Func<string, string>? Cover { get; init; }

    /// <summary>Keep standard output apart and whole in <see cref="ProcessOutcome.Output"/>; for small outputs.</summary>
    public bool CaptureOutput { get; init; }

    /// <summary>Told each finished line of output, on a thread of its own.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>The program is ended when it takes longer.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Kills a process of its session that this user may not signal when it is ended, by number; null leaves such processes.</summary>
    public Func<int, Task>? EndForeign { get; init; }
}
