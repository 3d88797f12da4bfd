namespace Nodepool.Core.State;

/// <summary>One step of a commit.</summary>
/// <param name="Path">The entry it concerns.</param>
public abstract record Write(string Path)
{
    /// <summary>Any version is accepted.</summary>
    public const int AnyVersion = -1;

    /// <summary>Creates an entry; fails with <see cref="StateFault.Exists"/> when it is there.</summary>
    /// <param name="Path">The new entry; with <see cref="CreateModes.Sequential"/> the prefix of its name.</param>
    /// <param name="Data">Its bytes.</param>
    /// <param name="Modes">How it is created.</param>
    public sealed record Create(string Path, ReadOnlyMemory<byte> Data, CreateModes Modes) : Write(Path);

    /// <summary>Replaces the data of an entry that exists.</summary>
    /// <param name="Path">The entry.</param>
    /// <param name="Data">Its new bytes.</param>
    /// <param name="Version">The version it must have now, or <see cref="AnyVersion"/>.</param>
    public sealed record Set(string Path, ReadOnlyMemory<byte> Data, int Version) : Write(Path);

    /// <summary>Deletes an entry that exists and has no children.</summary>
    /// <param name="Path">The entry.</param>
    /// <param name="Version">The version it must have now, or <see cref="AnyVersion"/>.</param>
    public sealed record Delete(string Path, int Version) : Write(Path);

    /// <summary>Changes nothing; the commit fails unless the entry exists and has this version.</summary>
    /// <param name="Path">The entry.</param>
    /// <param name="Version">The version it must have now, or <see cref="AnyVersion"/>.</param>
    public sealed record Check(string Path, int Version) : Write(Path);
}
