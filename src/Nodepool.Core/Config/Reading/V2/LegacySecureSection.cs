using Nodepool.Core.Collections;
using Nodepool.Core.Config.Legacy;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>The secure file of the form before Nodepool 3: accounts of Jenkins masters and the database. Never an error, and no value is shown.</summary>
internal static class LegacySecureSection
{
    private const string Jenkins = "jenkins";

    /// <summary>The configuration with what the file says; what has no meaning is added to the file's warnings.</summary>
    /// <param name="secure">The sections of the file.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="file">Its file, for messages.</param>
    public static NodepoolConfig Apply(ConfigMap secure, NodepoolConfig config, string file)
    {
        var root = secure.Leniently();
        if (config.Legacy is not { } legacy)
        {
            root.IgnoreAll();
            root.Warn("", $"this is a secure file of the form before Nodepool 3, but {file} has the present form: nothing of it has any meaning; leave -s away");
            return config;
        }

        foreach (var name in root.Node.Entries.Select(entry => entry.Key))
        {
            if (root.Map(name) is not { } section)
            {
                continue;
            }

            if (name == "database")
            {
                legacy = ReadDatabase(section, legacy);
            }
            else if (TargetOf(name) is { } target)
            {
                legacy = ReadJenkins(section, legacy, target, file);
            }
            else
            {
                section.IgnoreAll();
                section.Warn("", $"unknown section {Wording.Quote(name)}; it is ignored, as the daemons of that time did");
            }
        }

        foreach (var (map, entry, nearest) in root.UnreadKeys())
        {
            map.Warn(entry.Key, $"unknown key {Wording.Quote(entry.Key)}{Wording.DidYouMean(nearest)}; it is ignored, as the daemons of that time did");
        }

        return config with { Legacy = legacy };
    }

    private static LegacyConfig ReadDatabase(ConfigMap section, LegacyConfig legacy)
    {
        if (section.Has("dburi"))
        {
            section.Warn("dburi", "'dburi' has no meaning any more: nodes are kept in the store, not in an SQL database");
        }

        return legacy with { DatabaseUri = section.Secret("dburi") ?? legacy.DatabaseUri };
    }

    private static LegacyConfig ReadJenkins(ConfigMap section, LegacyConfig legacy, string name, string file)
    {
        var target = legacy.Targets.FirstOrDefault(target => target.Name == name);
        if (target is null)
        {
            section.IgnoreAll();
            section.Warn("", $"{file} has no target {Wording.Quote(name)}; the section is ignored");
            return legacy;
        }

        section.Warn("", $"the account of {Wording.Quote(name)} has no meaning any more: nodes are given to who asks for them");
        var usual = target.Jenkins ?? new LegacyJenkins();
        var jenkins = usual with
        {
            Url = section.Text("url") ?? usual.Url,
            User = section.Text("user") ?? usual.User,
            ApiKey = section.Secret("apikey") ?? usual.ApiKey,
            CredentialsId = section.Text("credentials") ?? usual.CredentialsId,
        };
        return legacy with { Targets = legacy.Targets.Select(other => other == target ? target with { Jenkins = jenkins } : other).ToValueList() };
    }

    /// <summary>The name in <c>jenkins "NAME"</c>; null for another section.</summary>
    private static string? TargetOf(string section) =>
        section.StartsWith(Jenkins + " ", StringComparison.Ordinal) ? section[Jenkins.Length..].Trim().Trim('"') : null;
}
