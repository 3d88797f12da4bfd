namespace Nodepool.Configuration;

/// <summary>A file on disk that configuration is read from.</summary>
/// <param name="path">As the operator gave it; messages show it so.</param>
/// <param name="option">The command-line option that names it.</param>
internal sealed class ConfigFile(string path, string option)
{
    // One more than the reader takes, so that it is the reader that complains.
    private const int MostBytes = (4 * 1024 * 1024) + 1;

    private const int FirstBytes = 4096;

    private ConfigFileContent? _piped;

    /// <summary>As the operator gave it.</summary>
    public string Name { get; } = path;

    /// <summary>Absolute, symbolic links not followed.</summary>
    public string FullPath { get; } = Path.GetFullPath(path);

    /// <summary>Absolute directory that relative paths in it start from.</summary>
    public string Directory => Path.GetDirectoryName(FullPath) ?? "/";

    /// <summary>
    /// What the file holds now. One that cannot be read has a <see cref="ConfigFileContent.Trouble"/> instead of bytes. A pipe, which gives
    /// what it has only once, keeps its first content.
    /// </summary>
    public ConfigFileContent Read()
    {
        if (_piped is { } earlier)
        {
            return earlier;
        }

        var content = ReadNow();
        _piped = content.IsPipe ? content : null;
        return content;
    }

    private ConfigFileContent ReadNow()
    {
        try
        {
            using var stream = new FileStream(FullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return new ConfigFileContent(ReadBounded(stream), null, IsPipe: !stream.CanSeek);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ConfigFileContent(null, $"there is no such file; name another one with {option}");
        }
        catch (UnauthorizedAccessException)
        {
            return new ConfigFileContent(null, System.IO.Directory.Exists(FullPath)
                ? $"this is a directory; name the file in it with {option}"
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
