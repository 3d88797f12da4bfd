using System.Globalization;
using System.Text;

namespace Nodepool.Cli;

/// <summary>
/// A file with the id of this process, for as long as it runs. It is locked (fcntl(2)) while its process lives, so that one that a dead process
/// left is told from that of a living one, also when the number has been given to another process since.
/// </summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;

    private PidFile(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Writes it; one that a dead process left is overwritten.</summary>
    /// <exception cref="CliException">It cannot be written, or belongs to a process that lives.</exception>
    public static PidFile Write(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            while (true)
            {
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                if (!TryLock(file))
                {
                    using (file)
                    {
                        throw new CliException($"{path}: process {Read(file)} runs with this pid file; end it first, or name another file with -p");
                    }
                }

                // Its last owner may have removed it between the two steps; then it is nobody's name any more.
                if (File.Exists(path))
                {
                    file.SetLength(0);
                    file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
                    file.Flush();
                    return new PidFile(path, file);
                }

                file.Dispose();
            }
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

        _file.Dispose();
    }

    private static bool TryLock(FileStream file)
    {
        try
        {
            file.Lock(0, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string Read(FileStream file)
    {
        using var reader = new StreamReader(file, leaveOpen: true);
        return reader.ReadToEnd().Trim();
    }
}
