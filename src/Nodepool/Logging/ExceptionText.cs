namespace Nodepool.Logging;

/// <summary>Exceptions for people.</summary>
internal static class ExceptionText
{
    /// <summary>
    /// The message alone where it was written for people, with the type's name before it where it comes from a library (such messages
    /// often say nothing without it).
    /// </summary>
    public static string Line(Exception exception) => IsForPeople(exception) ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";

    /// <summary>The message says what is wrong without any knowledge of the program.</summary>
    public static bool IsForPeople(Exception exception) =>
        exception.GetType().Namespace?.StartsWith(nameof(Nodepool), StringComparison.Ordinal) == true
        || exception is IOException or UnauthorizedAccessException or OperationCanceledException;
}
