using Nodepool.Core.Config.Reading;

namespace Nodepool.Configuration;

/// <summary>A configuration file on disk.</summary>
/// <param name="path">As the operator gave it; messages show it so.</param>
/// <param name="reader">Reads its text.</param>
public sealed class ConfigFile(string path, NodepoolConfigReader reader)
{
    // One more than the reader takes, so that it is the reader that complains.
    private const int MostBytes = (4 * 1024 * 1024) + 1;

    private const int FirstBytes = 4096;

    /// <summary>As the operator gave it.</summary>
    public string Name { get; } = path;

    /// <summary>Absolute, symbolic links not followed.</summary>
    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>Reads the file once. A file that cannot be read is a problem like any other.</summary>
    public ConfigResult Load() => Parse(Read());

    internal ConfigResult Parse(ConfigFileContent content) => content.Bytes is { } bytes
        ? reader.Read(Name, Path.GetDirectoryName(FullPath) ?? "/", bytes)
        : ConfigResult.Unreadable(Name, content.Trouble ?? "it cannot be read");

    internal ConfigFileContent Read()
    {
        try
        {
            using var stream = new FileStream(FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return new ConfigFileContent(ReadBounded(stream), null, IsPipe: !stream.CanSeek);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ConfigFileContent(null, "there is no such file; name another one with -c");
        }
        catch (UnauthorizedAccessException)
        {
            return new ConfigFileContent(null, Directory.Exists(FullPath)
                ? "this is a directory; name the file in it with -c"
                : $"user {Environment.UserName} may not read this file; change its mode or owner");
        }
        catch (IOException failure)
        {
            return new ConfigFileContent(null, $"it cannot be read: {failure.Message}");
        }
    }

    private static byte[] ReadBounded(FileStream stream)
    {
        // The length is only a hint: pipes have none, and files that the kernel makes up say zero.
        var bytes = new byte[stream.CanSeek ? (int)Math.Clamp(stream.Length + 1, FirstBytes, MostBytes) : FirstBytes];
        var length = 0;
        while (stream.Read(bytes, length, bytes.Length - length) is var count and > 0)
        {
            length += count;
            if (length == bytes.Length && length < MostBytes)
            {
                Array.Resize(ref bytes, Math.Min(MostBytes, 2 * length));
            }
        }

        return bytes[..length];
    }
}
