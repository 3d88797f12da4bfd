using Nodepool.Core.Collections;
using Nodepool.Core.Config.Legacy;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>Reads what only a v2 file can say. A wrong value there is no error, since nothing else depends on it.</summary>
internal static class LegacySection
{
    private const int GearmanPort = 4730;

    private static readonly string[] Account =
        ["auth-url", "username", "password", "project-id", "project-name", "service-type", "service-name", "api-timeout"];

    /// <summary>Reads a file.</summary>
    /// <param name="root">The file.</param>
    /// <param name="providers">Its providers.</param>
    /// <param name="unread">Keys in its parts that mean nothing.</param>
    public static LegacyConfig Read(ConfigMap root, IReadOnlyList<V2Provider> providers, out IReadOnlyList<UnreadKey> unread)
    {
        var lenient = root.Leniently();
        var legacy = new LegacyConfig
        {
            GearmanServers = lenient.Maps("gearman-servers").Select(ReadGearman).ToValueList(),
            Targets = lenient.Maps("targets").Select(ReadTarget).ToValueList(),
            Labels = root.Maps("labels").Where(label => label.Has("subnodes") || label.Has("ready-script")).Select(ReadLabel).ToValueList(),
            Logins = providers.SelectMany(ReadLogins).ToValueList(),
            Clouds = providers.Where(provider => Account.Any(provider.Section.Has)).Select(ReadCloud).ToValueList(),
            ScriptDir = lenient.FilePath("script-dir"),
            DatabaseUri = lenient.Secret("dburi"),
        };
        unread = [.. lenient.UnreadKeys()];
        return legacy;
    }

    private static LegacyGearmanServer ReadGearman(ConfigMap server) =>
        new(server.Text("host", "localhost"), server.Int("port", GearmanPort, min: 1, max: 65535));

    private static LegacyTarget ReadTarget(ConfigMap target)
    {
        var usual = new LegacyTarget { Name = target.Text("name", "") };
        return usual with
        {
            Rate = target.Seconds("rate", usual.Rate),
            Hostname = target.Text("hostname", usual.Hostname),
            SubnodeHostname = target.Text("subnode-hostname", usual.SubnodeHostname),
            AssignViaGearman = target.Bool("assign-via-gearman", usual.AssignViaGearman),
            Jenkins = target.Map("jenkins") is { } jenkins ? ReadJenkins(jenkins) : null,
        };
    }

    private static LegacyJenkins ReadJenkins(ConfigMap jenkins) => new()
    {
        Url = jenkins.Text("url"),
        User = jenkins.Text("user"),
        ApiKey = jenkins.Secret("apikey"),
        CredentialsId = jenkins.Text("credentials-id"),
        TestJob = jenkins.Text("test-job"),
    };

    private static LegacyLabel ReadLabel(ConfigMap label)
    {
        var section = label.Leniently();
        return new LegacyLabel(section.Text("name", ""), section.Int("subnodes", 0, min: 0), section.Text("ready-script"));
    }

    private static IEnumerable<LegacyLogin> ReadLogins(V2Provider provider)
    {
        foreach (var image in provider.Section.Maps("images").Select(image => image.Leniently()))
        {
            var usual = new LegacyLogin { Provider = provider.Name, Image = image.Text("name", "") };
            yield return usual with
            {
                Username = image.Text("username", usual.Username),
                UserHome = image.Text("user-home", usual.UserHome),
                PrivateKey = image.Text("private-key", usual.PrivateKey),
            };
        }
    }

    private static LegacyCloud ReadCloud(V2Provider provider)
    {
        var section = provider.Section.Leniently();
        return new LegacyCloud
        {
            Provider = provider.Name,
            AuthUrl = section.Text("auth-url"),
            Username = section.Text("username"),
            Password = section.Secret("password"),
            ProjectId = section.Text("project-id"),
            ProjectName = section.Text("project-name"),
            ServiceType = section.Text("service-type"),
            ServiceName = section.Text("service-name"),
            ApiTimeout = section.Has("api-timeout") ? section.Seconds("api-timeout", TimeSpan.Zero) : null,
        };
    }
}
