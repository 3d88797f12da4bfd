using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Publication;

/// <summary>What ./dev publish makes of these sources; made once per run, and at once when nothing has changed since the last.</summary>
public sealed class PublishedProgram : IAsyncLifetime
{
    private string _bin = "";

    public async ValueTask InitializeAsync()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "dev")))
        {
            root = root.Parent ?? throw new InvalidOperationException("the tests do not run in a clone of the repository");
        }

        await using var publish = NodepoolProcess.Start(Path.Combine(root.FullName, "dev"), "publish");
        var status = await publish.EndAsync(TimeSpan.FromMinutes(20));
        Assert.True(status == 0, publish.Error);
        _bin = Path.GetDirectoryName(publish.Out.TrimEnd())!;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The published program of this name.</summary>
    public string Called(string name) => Path.Combine(_bin, name);
}
