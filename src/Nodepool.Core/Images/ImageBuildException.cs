namespace Nodepool.Core.Images;

/// <summary>An image build that failed.</summary>
public sealed class ImageBuildException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Why, in one sentence with the remedy: missing program, full disk, exit status with the last line of output, …</param>
    /// <param name="inner">The original exception, if there was one.</param>
    public ImageBuildException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>What failed inside the tool, for people: an element with its script, or a phase; null when the tool does not know.</summary>
    public string? FailedIn { get; init; }

    /// <summary>The lines before the failure that tell about it, where the end of the log does not; null or empty for the end of the log.</summary>
    public string? LastLines { get; init; }
}
