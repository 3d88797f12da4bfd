using Nodepool.Core.Config.Reading;

namespace Nodepool.Configuration;

/// <summary>The files that a configuration is read from: the main file, and the secure file that is put over it.</summary>
/// <param name="path">The main file, as the operator gave it; messages show it so.</param>
/// <param name="securePath">The secure file, likewise; null without one.</param>
/// <param name="reader">Reads their texts.</param>
public sealed class ConfigFiles(string path, string? securePath, NodepoolConfigReader reader)
{
    private readonly ConfigFile _main = new(path, "-c");
    private readonly ConfigFile? _secure = securePath is null ? null : new ConfigFile(securePath, "-s");

    /// <summary>The main file, as the operator gave it.</summary>
    public string Name => _main.Name;

    /// <summary>Both files, as the operator gave them, for messages.</summary>
    public string Names => _secure is null ? Name : $"{Name} with {_secure.Name}";

    /// <summary>The command-line words that name them.</summary>
    public IReadOnlyList<string> Options => _secure is null ? ["-c", Name] : ["-c", Name, "-s", _secure.Name];

    /// <summary>Absolute paths, symbolic links not followed.</summary>
    public IReadOnlyList<string> FullPaths => _secure is null ? [_main.FullPath] : [_main.FullPath, _secure.FullPath];

    /// <summary>Reads the files. One that cannot be read is a problem like any other.</summary>
    public ConfigResult Load() => Parse(Read());

    /// <summary>What they hold now.</summary>
    internal ConfigContents Read() => new(_main.Read(), _secure?.Read());

    internal ConfigResult Parse(ConfigContents contents)
    {
        var secure = contents.Secure is null ? null : ParseSecure(_secure!, contents.Secure);
        return contents.Main.Bytes is { } bytes
            ? reader.Read(_main.Name, _main.Directory, bytes, secure)
            : ConfigResult.Unreadable(_main.Name, contents.Main.Trouble ?? "it cannot be read");
    }

    private ConfigDocument ParseSecure(ConfigFile file, ConfigFileContent content) => content.Bytes is { } bytes
        ? reader.ReadSecure(file.Name, file.Directory, bytes)
        : ConfigDocument.Unreadable(file.Name, content.Trouble ?? "it cannot be read");
}
