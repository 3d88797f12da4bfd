namespace Nodepool.Core.Config.Reading;

/// <summary>One thing that is wrong or doubtful in a configuration file.</summary>
/// <param name="IsError">An error makes the file unusable; a warning does not.</param>
/// <param name="File">Path of the file as it was given.</param>
/// <param name="Line">1-based line; 0 when the whole file is meant.</param>
/// <param name="Column">1-based column, counted in Unicode code points; 0 when the whole file is meant.</param>
/// <param name="KeyPath">Where in the structure, such as <c>providers[0].pools[1].max-servers</c>.</param>
/// <param name="Complaint">What is wrong.</param>
public sealed record ConfigProblem(bool IsError, string File, int Line, int Column, string KeyPath, Complaint Complaint)
{
    /// <summary>What is wrong, what was expected, the nearest valid name or the remedy, in words.</summary>
    public string Message => Complaint.Message;

    /// <summary><c>FILE:LINE:COLUMN</c>, or <c>FILE</c> when the whole file is meant.</summary>
    public string Place => Line == 0 ? File : $"{File}:{Line}:{Column}";

    /// <summary><c>FILE:LINE:COLUMN: error: KEY: message</c>.</summary>
    public override string ToString() => $"{Place}: {(IsError ? "error" : "warning")}: {(KeyPath.Length == 0 ? "" : KeyPath + ": ")}{Message}";
}
