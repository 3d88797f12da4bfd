using Nodepool.Configuration;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Providers.Local;
using Nodepool.Roles;
using Nodepool.State.Sqlite;

namespace Nodepool.Cli;

/// <summary>The world of a real process.</summary>
internal static class ProcessWorld
{
    public static CliWorld Create(Composition composition, Sources sources, StopSignal stop) => new()
    {
        ProgramName = CallName.OfProcess(),
        Out = OpenOutput(),
        Error = Console.Error,
        ReadLine = Console.ReadLine,
        InIsTerminal = !Console.IsInputRedirected,
        OutIsTerminal = !Console.IsOutputRedirected,
        WantsColour = WantsColour,
        TerminalSize = () => (Console.WindowWidth, Console.WindowHeight),
        ErrorIsTerminal = WantsColour && !Console.IsErrorRedirected,
        Sources = sources,
        Who = new ClientIdentity(Environment.UserName, Environment.MachineName),
        ReadConfig = (file, secure) => Read(new ConfigFiles(file, secure, composition.Reader)),
        OpenStore = (directory, loggers, ct) => OpenStoreAsync(directory, sources, loggers, ct),
        OpenProvider = composition.Open,
        ReadFile = path => File.ReadAllBytes(path),
        WriteFile = (path, content, overwrite) => PrivateFile.Write(path, content.Span, overwrite, sources.Ids.NewId()),
        FindLoginKey = FindLoginKey,
        Stop = stop,
        HandOver = DaemonProgram.IsThis ? null : DaemonProgram.Become,
        RunRoles = DaemonProgram.IsThis ? order => composition.RunAsync(order, Console.Error, stop) : _ => throw new InvalidOperationException("roles are hosted by another program"),
    };

    /// <summary>
    /// Standard output, each answer in as few writes as it takes: the console's own writer cuts a list into pieces of 256 bytes. Who reads it
    /// may leave early, which is no error.
    /// </summary>
    private static TextWriter OpenOutput() => TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput(), bufferSize: 64 * 1024) { AutoFlush = true });

    /// <summary>https://no-color.org: any value of NO_COLOR switches colours off; so does a terminal that knows none.</summary>
    private static bool WantsColour =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static LoadedConfig Read(ConfigFiles files)
    {
        var result = files.Load();
        return new LoadedConfig(files, result, result.Config?.StateDir ?? StateDirOf(files.Name));
    }

    /// <summary>The one key of a file that is wrong elsewhere.</summary>
    private static string? StateDirOf(string file)
    {
        try
        {
            var directory = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
            var root = ConfigDocument.Parse(file, File.ReadAllText(file), Environment.GetEnvironmentVariable, directory).Root;
            return root is null ? null : root.FilePath("state-dir") ?? new NodepoolConfig().StateDir;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static async ValueTask<IStateEngine> OpenStoreAsync(string directory, Sources sources, ILoggerFactory loggers, CancellationToken ct)
    {
        var store = StateFiles.Store(directory);
        return File.Exists(store)
            ? await SqliteEngine.OpenAsync(store, sources, loggers.CreateLogger<SqliteEngine>(), ct)
            : throw new CliException($"no store at {store}: 'nodepool up' (or 'nodepool launcher') makes it; if another configuration is meant, name it with -c");
    }

    private static string? FindLoginKey(NodepoolConfig config, string? provider)
    {
        if (provider is null || config.FindProvider(provider) is not { Driver: LocalDriver.DriverName })
        {
            return null;
        }

        var key = LocalDriver.OperatorKeyIn(StateFiles.Provider(config.StateDir, provider));
        return File.Exists(key) ? key : null;
    }
}
