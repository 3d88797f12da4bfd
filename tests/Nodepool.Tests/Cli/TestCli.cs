using System.Text;
using Nodepool.Cli;
using Nodepool.Cli.Watching;
using Nodepool.Configuration;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;
using Nodepool.Core.Operations;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack;
using Nodepool.Providers;
using Nodepool.Providers.Fake;
using Nodepool.Roles;
using Nodepool.State.Memory;

namespace Nodepool.Tests.Cli;

/// <summary>The command line over a memory store, with a configuration file that exists in memory only.</summary>
internal sealed class TestCli : IDisposable
{
    public const string Config =
        """
        state-dir: /state
        images-dir: /images
        labels:
          - name: debian
            min-ready: 2
          - name: other
        diskimages:
          - name: debian-12
            elements: [debian-minimal]
          - name: idle
            pause: true
            elements: [debian-minimal]
        providers:
          - name: cloud
            driver: fake
            quota:
              instances: 20
              cores: 40
            diskimages:
              - name: debian-12
            pools:
              - name: main
                labels:
                  - name: debian
                    diskimage: debian-12
        """;

    private readonly SharedText _out = new();
    private readonly SharedText _error = new();

    public TestStore Store { get; init; } = new();

    /// <summary>Opens the providers; tells what they have.</summary>
    public FakeDriver Driver { get; } = new();

    /// <summary>Files by the names that command lines give them.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public string Yaml { get; set; } = Config;

    /// <summary>What any secure file holds.</summary>
    public string SecureYaml { get; set; } = "";

    public string ProgramName { get; set; } = "nodepool";

    public StopSignal Stop { get; } = new();

    /// <summary>Standard output and standard error are a terminal.</summary>
    public bool IsTerminal { get; set; }

    /// <summary>The terminal can only print.</summary>
    public bool IsDumb { get; set; }

    /// <summary>Columns and rows.</summary>
    public (int Columns, int Rows) TerminalSize { get; set; } = (80, 24);

    /// <summary>Tells the command what happens to the terminal, once it listens.</summary>
    public Action<TerminalEvent>? Terminal { get; private set; }

    /// <summary>What the person at standard input answers; null when it is no terminal.</summary>
    public string? Answer { get; set; }

    /// <summary>What happens while that person thinks.</summary>
    public Action? WhileAsked { get; set; }

    /// <summary>Command lines of daemons that went to the background; null when the program has a supervisor.</summary>
    public List<string>? Detached { get; set; }

    public List<RoleOrder> Hosted { get; } = [];

    public StorePlace? Opened { get; private set; }

    /// <summary>The session of the last command.</summary>
    public MemoryEngine? Session { get; private set; }

    /// <summary>What opening the store fails with.</summary>
    public Exception? OpenFault { get; set; }

    /// <summary>Standard output of all runs so far.</summary>
    public string Out => _out.ToString();

    /// <summary>Standard error of all runs so far.</summary>
    public string Error => _error.ToString();

    /// <summary>Runs a command line; blanks separate its words.</summary>
    public Task<int> RunAsync(string line) => RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public Task<int> RunAsync(params string[] arguments) => CommandLine.RunAsync(arguments, World(), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    public CliWorld World() => new()
    {
        ProgramName = ProgramName,
        Out = _out,
        Error = _error,
        ReadLine = () =>
        {
            WhileAsked?.Invoke();
            return Answer;
        },
        InIsTerminal = Answer is not null,
        OutIsTerminal = IsTerminal,
        OutCanRedraw = IsTerminal && !IsDumb,
        ErrorIsTerminal = IsTerminal,
        TerminalSize = () => TerminalSize,
        ListenToTerminal = tell =>
        {
            Terminal = tell;
            return new MemoryStream();
        },
        Sources = Store.Sources,
        Who = new ClientIdentity("me", "here"),
        ReadConfig = Read,
        OpenStore = (place, _, _) =>
        {
            Opened = place;
            if (OpenFault is not null)
            {
                throw OpenFault;
            }

            return new(Session = Store.Tree.Open(Store.Sources));
        },
        OpenProvider = (section, _, loggers) => Driver.Open(section, new DriverContext(Store.Sources, loggers, "/state/providers/" + section.Name)),
        ReadFile = path => Files[path],
        OpenLog = path => Files.TryGetValue(path, out var log) ? new MemoryStream(log) : null,
        WriteFile = (path, content, overwrite) =>
            Files[path] = overwrite || !Files.ContainsKey(path) ? content.ToArray() : throw new CliException($"{path} exists: --force overwrites it"),
        FindLoginKey = (_, provider) => provider == "cloud" ? "/keys/of cloud" : null,
        Stop = Stop,
        Detach = Detached is null ? null : (name, arguments, _) =>
        {
            Detached.Add($"{name}: {string.Join(' ', arguments)}");
            return Task.FromResult(ExitStatus.Ok);
        },
        RunRoles = order =>
        {
            Hosted.Add(order);
            return Task.FromResult(ExitStatus.Ok);
        },
    };

    private LoadedConfig Read(string file, string? secure)
    {
        var yaml = Yaml;
        var reader = new NodepoolConfigReader([Driver, new OpenStackSchema(), .. ProviderSchemas.WithoutDriver], _ => null);
        var overlay = secure is null ? null : reader.ReadSecure(secure, "/etc/nodepool", Encoding.UTF8.GetBytes(SecureYaml));
        var result = reader.Read(file, "/etc/nodepool", Encoding.UTF8.GetBytes(Yaml), overlay);
        return new LoadedConfig(new ConfigFiles(file, secure, reader), result, result.Config?.Store ?? new StorePlace("/fallback", new ZooKeeperConfig()), () => Yaml != yaml);
    }

    /// <summary>A command may write while the test reads.</summary>
    private sealed class SharedText : StringWriter
    {
        private readonly Lock _lock = new();

        public override void Write(string? value)
        {
            lock (_lock)
            {
                base.Write(value);
            }
        }

        public override void WriteLine(string? value) => Write(value + "\n");

        public override string ToString()
        {
            lock (_lock)
            {
                return base.ToString();
            }
        }
    }
}
