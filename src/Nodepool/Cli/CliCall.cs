using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nodepool.Cli.Output;
using Nodepool.Cli.Watching;
using Nodepool.Core.Config;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.Core.View;
using Nodepool.Daemons;
using Nodepool.Lists;
using Nodepool.Logging;

namespace Nodepool.Cli;

/// <summary>One call of a command: its arguments, and what it reads and prints.</summary>
internal sealed class CliCall(CliWorld world, GlobalOptions options, ParseResult parsed) : IDisposable
{
    private const int MostErrors = 5;

    private ILoggerFactory? _loggers;
    private LogFile? _logFile;
    private LoadedConfig? _loaded;

    public CliWorld World => world;

    /// <summary>Unix seconds.</summary>
    public double Now => world.Sources.UnixNow;

    /// <summary>The form of the answer that was asked for.</summary>
    public OutputForm Form => OutputForms.Of(parsed.GetValue(options.Output));

    /// <summary>The answer is for people: words instead of fields.</summary>
    public bool IsForPeople => Form is OutputForm.Table or OutputForm.Wide;

    public bool IsDebugging => parsed.GetValue(options.Debug);

    /// <summary>Colours in the answer.</summary>
    public bool UseColour => world.OutIsTerminal && world.WantsColour && !parsed.GetValue(options.NoColour);

    public string ConfigFile => parsed.GetValue(options.Config)!;

    /// <summary>The secure file, if one was named.</summary>
    public string? SecureFile => parsed.GetValue(options.Secure);

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>The option stands on the command line.</summary>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    public T Value<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    /// <summary>The command line, from the command on, whatever the program was called.</summary>
    public IReadOnlyList<string> Arguments => [.. parsed.Tokens.Select(token => token.Value)];

    /// <summary>Loggers as the command line wants them; the same ones for the whole call.</summary>
    public ILoggerFactory Loggers(LogLevel usual = LogLevel.Warning) =>
        _loggers ??= parsed.GetValue(options.LogConfig) is { } file ? ConfiguredLogs.Open(world, file, IsDebugging) : options.Logs(parsed, usual, world.ErrorIsTerminal).Open(LogWriter(), world.Sources.Time);

    /// <summary>The configuration file, good or bad.</summary>
    public LoadedConfig Loaded => _loaded ??= world.ReadConfig(ConfigFile, SecureFile);

    /// <summary>The configuration file as it is now, for commands that go on; the store is still the one that was opened.</summary>
    public LoadedConfig Reload()
    {
        if (Loaded.HasChanged())
        {
            _loaded = null;
        }

        return Loaded;
    }

    /// <summary>The configuration.</summary>
    /// <exception cref="CliException">It cannot be used; the message says what is wrong with it.</exception>
    public NodepoolConfig Config() => Loaded.Result.Config ?? throw BadConfig();

    /// <summary>A session on the configured store.</summary>
    public ValueTask<IStateEngine> OpenStoreAsync(CancellationToken ct) => world.OpenStore(Loaded.Store ?? throw BadConfig(), Loggers(), ct);

    /// <summary>All records as they are now, or those below some paths, in a session of its own.</summary>
    public async Task<ClusterView> ViewAsync(CancellationToken ct, params IReadOnlyList<string> roots)
    {
        await using var engine = await OpenStoreAsync(ct);
        var view = new ClusterView();
        foreach (var root in roots.Count == 0 ? [NodepoolPaths.Root] : roots)
        {
            view = view.After(await ReadAsync(engine, root, ct) with { IsResync = false });
        }

        return view;
    }

    /// <summary>All records as they are now.</summary>
    public static async Task<ClusterView> ViewAsync(IStateEngine engine, CancellationToken ct) => new ClusterView().After(await ReadAsync(engine, NodepoolPaths.Root, ct));

    /// <summary>A watch begins with everything that exists.</summary>
    private static async Task<ChangeBatch> ReadAsync(IStateEngine engine, string root, CancellationToken ct)
    {
        await foreach (var batch in engine.WatchAsync(root, ct))
        {
            return batch;
        }

        ct.ThrowIfCancellationRequested();
        throw new CliException("the store's session ended while it was read; try again");
    }

    /// <summary>An answer that is a list, in whatever form.</summary>
    public void Print(ListTable table) => world.Out.Write(ListText.Of(table, Form, UseColour));

    /// <summary>A list as a watching command shows it.</summary>
    public Picture Picture(ListTable table) => new(ListText.Of(table, Form, UseColour), ListJson.Write(table, indented: false));

    /// <summary>An answer in words, or its JSON form, which is YAML as well.</summary>
    /// <param name="text">The words; they may be several lines.</param>
    /// <param name="json">Writes one JSON value.</param>
    public void Answer(string text, Action<Utf8JsonWriter> json)
    {
        if (IsForPeople)
        {
            world.Out.WriteLine(text);
            return;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json(writer);
        }

        PrintJson(Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    /// <summary>JSON in the form that was asked for: itself, or YAML.</summary>
    public void PrintJson(string json) => world.Out.Write(Form == OutputForm.Yaml ? YamlText.OfJson(json) : json.TrimEnd('\n') + "\n");

    /// <summary>A part of what was asked for could not be done: the exit status must say so.</summary>
    public bool HasComplaint { get; private set; }

    /// <summary>Says that a part of what was asked for could not be done; the rest goes on.</summary>
    public void Complain(string text)
    {
        HasComplaint = true;
        Note($"nodepool: {text}");
    }

    /// <summary>A line beside the answer.</summary>
    public void Note(string text) => world.Error.WriteLine(text);

    public void Dispose()
    {
        _loggers?.Dispose();
        _logFile?.Dispose();
    }

    private TextWriter LogWriter()
    {
        if (world.Daemon is not { } daemon)
        {
            return world.Error;
        }

        var path = DaemonFiles.Log(daemon);
        try
        {
            return _logFile = new LogFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"cannot write the log {path}: {e.Message}; name a log configuration with -l, or stay in the foreground with -f");
        }
    }

    private CliException BadConfig()
    {
        var errors = Loaded.Result.Problems.Where(problem => problem.IsError).Select(problem => problem.ToString()).ToList();
        var more = errors.Count > MostErrors ? [$"… and {errors.Count - MostErrors} more: nodepool {string.Join(' ', Loaded.Files.Options)} config-validate"] : Array.Empty<string>();
        return new CliException(string.Join('\n', [.. errors.Take(MostErrors), .. more]));
    }
}
