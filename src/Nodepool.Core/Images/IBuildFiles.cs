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
    IReadOnlyList<(string Image, string Build)> List();

    /// <summary>Ends processes that an interrupted build has left and removes everything of it. Does nothing when nothing is there.</summary>
    ValueTask RemoveAsync(string image, string build, CancellationToken ct);
}
