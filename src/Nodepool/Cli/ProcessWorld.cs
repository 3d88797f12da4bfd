using Nodepool.Cli.Watching;
using Nodepool.Configuration;
using Nodepool.Core;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Operations;
using Nodepool.Core.State;
using Nodepool.Daemons;
using Nodepool.Providers.Local;
using Nodepool.Roles;

namespace Nodepool.Cli;

/// <summary>The world of a real process.</summary>
internal static class ProcessWorld
{
    public static CliWorld Create(Composition composition, Sources sources, StopSignal stop) => new()
    {
        ProgramName = CallName.OfProcess(),
        Out = OpenOutput(),
        Error = StandardError,
        ReadLine = Console.ReadLine,
        InIsTerminal = !Console.IsInputRedirected,
        OutIsTerminal = !Console.IsOutputRedirected,
        OutCanRedraw = !Console.IsOutputRedirected && !Terminal.IsDumb,
        WantsColour = Terminal.WantsColour,
        TerminalSize = () => (Console.WindowWidth, Console.WindowHeight),
        ListenToTerminal = tell => new TerminalSignals(tell),
        ErrorIsTerminal = Terminal.WantsColour && !Console.IsErrorRedirected,
        Sources = sources,
        Who = new ClientIdentity(Environment.UserName, Environment.MachineName),
        ReadConfig = (file, secure) => Read(new ConfigFiles(file, secure, composition.Reader)),
        OpenStore = (place, loggers, ct) => OpenStoreAsync(place, sources, loggers, ct),
        OpenProvider = (section, config, loggers) => composition.Open(section, config, loggers),
        ReadFile = path => File.ReadAllBytes(path),
        OpenLog = OpenLog,
        WriteFile = (path, content, overwrite) => PrivateFile.Write(path, content.Span, overwrite, sources.Ids.NewId()),
        FindLoginKey = FindLoginKey,
        Stop = stop,
        Detach = Background.Daemon is null && !Supervisor.IsThere ? (name, arguments, ct) => Background.StartAsync(name, arguments, StandardError, ct) : null,
        Daemon = Background.Daemon,
        HandOver = DaemonProgram.IsThis ? null : DaemonProgram.Become,
        RunRoles = DaemonProgram.IsThis ? order => composition.RunAsync(order with { Serving = Serving }, StandardError, stop) : _ => throw new InvalidOperationException("roles are hosted by another program"),
    };

    private static readonly TerminalVariables Terminal = new(Environment.GetEnvironmentVariable);

    private static readonly TextWriter StandardError = new ErrorWriter(Console.Error);

    private static void Serving()
    {
        Supervisor.Tell("READY=1");
        Background.Serving();
    }

    /// <summary>
    /// Standard output, each answer in as few writes as it takes: the console's own writer cuts a list into pieces of 256 bytes. Who reads it
    /// may leave early, which is no error.
    /// </summary>
    private static TextWriter OpenOutput() => TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput(), bufferSize: 64 * 1024) { AutoFlush = true });

    private static LoadedConfig Read(ConfigFiles files)
    {
        var contents = files.Read();
        var result = files.Parse(contents);
        return new LoadedConfig(files, result, result.Config?.Store ?? StoreOf(files.Options), () => !files.Read().IsSameAs(contents));
    }

    /// <summary>The few keys of files that are wrong elsewhere.</summary>
    /// <param name="options"><see cref="ConfigFiles.Options"/>.</param>
    private static StorePlace? StoreOf(IReadOnlyList<string> options)
    {
        var files = options.Where((_, i) => i % 2 == 1).Select(path => new ConfigFile(path, "-c")).ToList();
        var contents = files.Select(file => file.Read().Bytes).ToList();
        if (contents.Contains(null))
        {
            return null;
        }

        var documents = files.Zip(contents, (file, bytes) => ConfigDocument.Parse(file.Name, bytes, Environment.GetEnvironmentVariable, file.Directory)).ToList();
        return NodepoolConfigReader.StoreOf(documents[0], documents.ElementAtOrDefault(1));
    }

    private static ValueTask<IStateEngine> OpenStoreAsync(StorePlace place, Sources sources, ILoggerFactory loggers, CancellationToken ct)
    {
        var file = StateFiles.Store(place.StateDir);
        return place.IsZooKeeper || File.Exists(file)
            ? ConfiguredStore.OpenAsync(place, sources, loggers, ct)
            : throw new CliException($"no store at {file}: 'nodepool up' (or 'nodepool launcher') makes it; if another configuration is meant, name it with -c");
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

    private static FileStream? OpenLog(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
