namespace Nodepool.Core.Model.Json;

/// <summary>
/// A stored record that cannot be understood. Such an entry is left as it is: what we do not understand we do not overwrite.
/// </summary>
public sealed class RecordFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which key holds what instead of what.</param>
    /// <param name="inner">The parser's own complaint.</param>
    public RecordFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
