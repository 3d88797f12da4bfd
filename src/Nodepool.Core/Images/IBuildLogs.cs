using Nodepool.Core.Config;

namespace Nodepool.Core.Images;

/// <summary>Logs of image builds, one file per build.</summary>
public interface IBuildLogs
{
    /// <summary>Makes place for a new log and returns its path; the oldest logs of the image beyond the retention are removed.</summary>
    /// <param name="config">Says where logs lie and how many are kept.</param>
    /// <param name="image">The image.</param>
    /// <param name="build">The build.</param>
    /// <exception cref="ImageBuildException">There is no place for it.</exception>
    string New(NodepoolConfig config, string image, string build);

    /// <summary>The last lines of a log, joined by line feeds, without blank ones; empty when it cannot be read.</summary>
    /// <param name="path">The log.</param>
    /// <param name="lines">How many at most.</param>
    string Tail(string path, int lines);
}
