namespace Nodepool.Core.Images;

/// <summary>A <c>post-upload-hook</c> has refused an image.</summary>
public sealed class PostUploadException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Why, in one sentence: exit status with the last line of output, missing program, …</param>
    /// <param name="inner">The original exception, if there was one.</param>
    public PostUploadException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
