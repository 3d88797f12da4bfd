namespace Nodepool.Core.Images;

/// <summary>The builder's disk: files of builds.</summary>
public interface IBuildFiles
{
    /// <summary>Id of the builder that this directory belongs to; made once and kept in the directory.</summary>
    string BuilderId { get; }

    /// <summary>Path without extension for the files of a build.</summary>
    string OutputPath(string image, string build);

    /// <summary>Finished files of a build: format to path. Files without a checksum beside them are not finished.</summary>
    IReadOnlyDictionary<string, string> Find(string image, string build);

    /// <summary>Records of finished builds.</summary>
    IKeptBuilds Kept { get; }

    /// <summary>Reads a finished file and compares it with the checksums beside it. A file that has not changed since is not read again.</summary>
    /// <exception cref="ImageBuildException">It is not what was built, or cannot be read.</exception>
    ValueTask<ImageChecksums> VerifyAsync(string path, CancellationToken ct);

    /// <summary>Removes one finished file of a build, its checksums included; the others stay.</summary>
    void RemoveFile(string image, string build, string format);

    /// <summary>Builds of which anything at all lies here, half-written files and work directories included.</summary>
    IReadOnlyList<BuildTrace> List();

    /// <summary>
    /// Ends processes that an interrupted build or conversion has left and removes what there is of it. Call it under the image's lock unless nobody can be
    /// at the build. Does nothing when nothing is there.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="build">The build.</param>
    /// <param name="kept">Formats whose files stay, and with them all that is no image file of the build, such as its record; null: nothing stays.</param>
    /// <param name="ct">Ends it between two files.</param>
    /// <returns>False when something of it cannot be removed yet, because it is held or belongs to another user.</returns>
    ValueTask<bool> RemoveAsync(string image, string build, IReadOnlyCollection<string>? kept, CancellationToken ct);
}
