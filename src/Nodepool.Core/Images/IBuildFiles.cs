namespace Nodepool.Core.Images;

/// <summary>The builder's disk: files of builds and build logs.</summary>
public interface IBuildFiles
{
    /// <summary>Id of the builder that this directory belongs to; made once and kept in the directory.</summary>
    string BuilderId { get; }

    /// <summary>Path without extension for the files of a build.</summary>
    string OutputPath(string image, string build);

    /// <summary>Makes place for a new build log and returns its path; the oldest logs of the image beyond the retention are removed.</summary>
    /// <param name="config">Says where logs lie and how many are kept.</param>
    /// <param name="image">The image.</param>
    /// <param name="build">The build.</param>
    /// <exception cref="ImageBuildException">There is no place for it.</exception>
    string NewLog(Config.NodepoolConfig config, string image, string build);

    /// <summary>Finished files of a build: format to path. Files without a checksum beside them are not finished.</summary>
    IReadOnlyDictionary<string, string> Find(string image, string build);

    /// <summary>Builds of which anything at all lies here, half-written files and work directories included.</summary>
    IReadOnlyList<(string Image, string Build)> List();

    /// <summary>Ends processes that an interrupted build has left and removes everything of it. Does nothing when nothing is there.</summary>
    ValueTask RemoveAsync(string image, string build, CancellationToken ct);
}
