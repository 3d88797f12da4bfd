using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Tests.Providers.OpenStack.Access;

/// <summary>A home with configuration files, and an environment.</summary>
internal sealed class ConfigDirectory : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("nodepool-clouds-").FullName;

    public ConfigDirectory()
    {
        Environment["HOME"] = Path("home");
        Environment["XDG_CONFIG_DIRS"] = Path("etc");
    }

    public Dictionary<string, string> Environment { get; } = [];

    public string Path(string name) => System.IO.Path.Combine(_root, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    /// <summary>An entry <c>c</c> with these lines beside a working <c>auth</c>.</summary>
    public void WriteCloud(string lines) => Write(
        "work/clouds.yaml",
        "clouds:\n  c:\n    auth: {auth_url: 'https://k/v3', username: u, password: pw, project_name: p}\n"
        + string.Join('\n', lines.Split('\n').Select(line => "    " + line)));

    public CloudSettingsReader Reader() => new(new CloudFiles(Environment, Path("work")));

    public CloudSettings Read(string cloud = "c", string? region = null) => Reader().Read(cloud, region);

    public string Refusal(string cloud = "c", string? region = null)
    {
        var e = Assert.Throws<ProviderException>(() => Read(cloud, region));
        Assert.Equal(ProviderFault.Rejected, e.Fault);
        return e.Message.Replace(_root, "", StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
