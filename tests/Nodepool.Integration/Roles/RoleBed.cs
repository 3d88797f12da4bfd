using Nodepool.Integration.Cli;

namespace Nodepool.Integration.Roles;

/// <summary>A directory with a configuration whose cloud is the driver fake, for processes that host roles.</summary>
internal sealed class RoleBed : IDisposable
{
    public RoleBed()
    {
        Config = Path.Combine(Directory, "nodepool.yaml");
        Write(maxServers: 3);
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("nodepool-role-").FullName;

    public string Config { get; }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>A path in the directory.</summary>
    public string File(string name) => Path.Combine(Directory, name);

    /// <summary>Starts a launcher without web lists and waits until it serves.</summary>
    public async Task<NodepoolProcess> LauncherAsync(params string[] arguments)
    {
        var launcher = NodepoolProcess.Start(NodepoolProcess.Program, ["-c", Config, "launcher", "--no-webapp", .. arguments]);
        await launcher.SaysAsync("Pool cloud/main is run by this launcher");
        return launcher;
    }

    /// <summary>Writes the configuration; what differs is what a reload tells.</summary>
    /// <param name="maxServers">Limit of the pool.</param>
    /// <param name="more">A line at top level.</param>
    public void Write(int maxServers, string more = "") => System.IO.File.WriteAllText(Config,
        $"""
        state-dir: .
        {more}
        webapp:
          port: 0
        labels:
          - name: debian
            min-ready: 1
        providers:
          - name: cloud
            driver: fake
            pools:
              - name: main
                max-servers: {maxServers}
                labels:
                  - name: debian
                    cloud-image: debian
                    host-key-checking: false
                    min-ram: 1024
            cloud-images:
              - name: debian
        """);
}
