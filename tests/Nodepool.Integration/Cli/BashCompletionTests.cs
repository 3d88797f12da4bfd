using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Core;
using Nodepool.Core.Model;
using Nodepool.Core.State;
using Nodepool.State.Sqlite;

namespace Nodepool.Integration.Cli;

/// <summary>The script of <c>nodepool completion bash</c> in a real bash, which asks the real program, which reads a real store.</summary>
public sealed class BashCompletionTests : IAsyncLifetime
{
    private const string Complete =
        """
        source <("$1" completion bash)
        shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _nodepool "$1"
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("nodepool-completion-").FullName;

    private string Config => Path.Combine(_directory, "nodepool.yaml");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Config, $"state-dir: {_directory}\nlabels:\n  - name: debian\n  - name: it's odd\n", Ct);
        await using var engine = await SqliteEngine.OpenAsync(Path.Combine(_directory, "state.db"), SystemSources.Create(), NullLogger.Instance, Ct);
        foreach (var id in new[] { "0000000001", "0000000002" })
        {
            var node = new NodeRecord { State = NodeState.Ready, StateTime = 1, Type = ["debian"], Provider = "cloud" };
            await engine.CommitAsync([new Write.Create(NodepoolPaths.Node(id), node.Write(), CreateModes.Persistent)], Ct);
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Verbs_AndWords_AreCompleted()
    {
        Assert.Equal(["image-pause"], await CompleteAsync("image-p"));
        Assert.Equal(["ready,used"], await CompleteAsync("list", "--state", "ready,us"));
        Assert.Equal(["json"], await CompleteAsync("list", "--output", "=", "js"));
    }

    [Fact]
    public async Task Names_ComeFromTheStoreAndTheConfigurationOfTheLine()
    {
        Assert.Equal(["0000000001", "0000000002"], await NamesAsync("-c", Config, "hold", ""));
        Assert.Equal(["0000000002"], await NamesAsync("-c", Config, "return", "0000000001", "0000"));
        Assert.Equal(["debian", "it\\'s\\ odd"], await NamesAsync("-c", Config, "request", ""));
    }

    [Fact]
    public async Task NothingToRead_IsSilence() => Assert.Equal([""], await CompleteAsync("-c", "/nowhere/nodepool.yaml", "hold", ""));

    /// <summary>On a host that is busy enough the program gives up, as it must: somebody waits. So it is asked again.</summary>
    private static async Task<string[]> NamesAsync(params string[] words)
    {
        string[] names = [""];
        for (var i = 0; i < 20 && names is [""]; i++)
        {
            names = await CompleteAsync(words);
        }

        return names;
    }

    private static async Task<string[]> CompleteAsync(params string[] words)
    {
        var start = new ProcessStartInfo("bash", ["--norc", "-c", Complete, "bash", NodepoolProcess.Program, NodepoolProcess.Program, .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        var error = bash.StandardError.ReadToEndAsync(Ct);
        var output = await bash.StandardOutput.ReadToEndAsync(Ct);
        await bash.WaitForExitAsync(Ct);
        Assert.Equal("", await error);
        return output[..^1].Split('\n');
    }
}
