namespace Nodepool.Logging.Python;

/// <summary>Kinds of handlers that mean something here.</summary>
internal enum PythonHandlerKind
{
    /// <summary>Takes nothing.</summary>
    None,

    /// <summary>Standard error.</summary>
    StandardError,

    /// <summary>Standard output.</summary>
    StandardOutput,

    /// <summary>A file, opened anew when it was rotated.</summary>
    File,
}
