namespace Nodepool.Cli;

/// <summary>A command cannot go on. The message is for the person who typed it: what is wrong and what to do.</summary>
internal sealed class CliException(string message, int status = ExitStatus.Problem) : Exception(message)
{
    public int Status { get; } = status;
}
