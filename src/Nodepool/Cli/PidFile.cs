namespace Nodepool.Cli;

/// <summary>A file with the id of this process, for as long as it runs.</summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path;

    private PidFile(string path) => _path = path;

    /// <summary>Writes it; one that a dead process left is overwritten.</summary>
    /// <exception cref="CliException">It cannot be written.</exception>
    public static PidFile Write(string path)
    {
        try
        {
            File.WriteAllText(path, $"{Environment.ProcessId}\n");
            return new PidFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"cannot write the pid file: {e.Message}");
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A pid file that stays behind harms nobody: the next start writes over it.
        }
    }
}
