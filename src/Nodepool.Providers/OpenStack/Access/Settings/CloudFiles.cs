using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Providers.OpenStack.Access.Settings;

/// <summary>
/// Finds and reads clouds.yaml, secure.yaml and clouds-public.yaml where users of openstacksdk have them, and the <c>OS_*</c> variables. Of
/// each kind the first file that can be read counts.
/// </summary>
/// <param name="environment">The variables of the process.</param>
/// <param name="workingDirectory">Where the process was started; the first place that is looked at.</param>
internal sealed class CloudFiles(IReadOnlyDictionary<string, string> environment, string workingDirectory)
{
    private static readonly string[] Suffixes = [".yaml", ".yml", ".json"];

    /// <summary>Variables that choose among clouds or say where files are: nothing of a cloud.</summary>
    private static readonly string[] Selectors = ["OS_CLOUD", "OS_CLIENT_CONFIG_FILE", "OS_CLIENT_SECURE_FILE", "OS_CLOUD_NAME"];

    /// <summary>Variables that alone make no cloud.</summary>
    private static readonly string[] Additions = ["OS_REGION_NAME", "OS_FORCE_IPV4", "OS_PREFER_IPV6"];

    /// <summary>Reads them all as they are now.</summary>
    public CloudDocuments Read()
    {
        var looked = new List<string>();
        var main = First("clouds", "OS_CLIENT_CONFIG_FILE", looked, out var mainFile);
        var secure = First("secure", "OS_CLIENT_SECURE_FILE", [], out var secureFile);
        var whole = main is null ? secure : secure is null ? main : SettingsMerge.Deep(main, secure);
        var publics = First("clouds-public", null, [], out _);
        var clouds = Entries(whole, "clouds");
        var name = Variable("OS_CLOUD_NAME") ?? "envvars";
        if (OfEnvironment() is { } own)
        {
            if (clouds.ContainsKey(name))
            {
                throw SettingsError.Of(
                    $"{mainFile} has a cloud named '{name}', and OS_* variables of the environment make one of the same name: "
                    + "rename one of them (OS_CLOUD_NAME names that of the environment), or remove the variables");
            }

            clouds = new ValueMap<DataValue>(clouds.Append(KeyValuePair.Create<string, DataValue>(name, own)));
        }

        var origin = mainFile is null ? $"no clouds.yaml found, looked at {string.Join(", ", looked)}" : secureFile is null ? mainFile : $"{mainFile}, {secureFile}";
        return new CloudDocuments(whole ?? Empty, clouds, Entries(publics, "public-clouds"), origin) { EnvironmentCloud = name };
    }

    /// <summary>A variable; null when it is not set or empty.</summary>
    public string? Variable(string name) => environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>A path as it is written in a setting, <c>~</c> in front replaced.</summary>
    public string Resolve(string path) => Path.GetFullPath(
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Variable("HOME") + path[1..] : path, workingDirectory);

    private static DataValue.Mapping Empty { get; } = new(ValueMap<DataValue>.Empty);

    private static ValueMap<DataValue> Entries(DataValue.Mapping? file, string key) =>
        file is not null && file.Entries.TryGetValue(key, out var value) && value is DataValue.Mapping map ? map.Entries : ValueMap<DataValue>.Empty;

    private DataValue.Mapping? First(string name, string? variable, List<string> looked, out string? file)
    {
        var named = variable is null || Variable(variable) is not { } path ? [] : new[] { Resolve(path) };
        foreach (var candidate in named.Concat(Directories().SelectMany(directory => Suffixes.Select(suffix => Path.Combine(directory, name + suffix)))))
        {
            if (TryRead(candidate) is not { } text)
            {
                if (named.Contains(candidate) || candidate.EndsWith(".yaml", StringComparison.Ordinal))
                {
                    looked.Add(candidate);
                }

                continue;
            }

            file = candidate;
            return ForeignText.Read(candidate, text, out var problem) ?? throw SettingsError.Of($"{problem}; correct the file, until then its clouds cannot be used");
        }

        file = null;
        return null;
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One that is there for others only is passed over, as everybody does; a cloud that is then missing says where was looked.
            return null;
        }
    }

    private IEnumerable<string> Directories()
    {
        var home = Variable("HOME");
        var user = home is null ? null : Path.Combine(home, ".config");
        var site = (Variable("XDG_CONFIG_DIRS") ?? "/etc/xdg").Split(':', StringSplitOptions.RemoveEmptyEntries);
        IEnumerable<string?> parents = [Variable("XDG_CONFIG_HOME"), user, .. site, "/etc"];
        return parents.OfType<string>().Select(parent => Path.Combine(parent, "openstack")).Prepend(workingDirectory).Distinct(StringComparer.Ordinal);
    }

    private DataValue.Mapping? OfEnvironment()
    {
        var own = environment
            .Where(variable => variable.Key.StartsWith("OS_", StringComparison.Ordinal) && variable.Value.Length > 0 && !Selectors.Contains(variable.Key))
            .Where(variable => !variable.Key.StartsWith("OS_TEST", StringComparison.Ordinal) && !variable.Key.StartsWith("OS_STD", StringComparison.Ordinal)
                && !variable.Key.StartsWith("OS_LOG", StringComparison.Ordinal))
            .ToList();
        return own.All(variable => Additions.Contains(variable.Key))
            ? null
            : new DataValue.Mapping(new ValueMap<DataValue>(own.Select(variable =>
                KeyValuePair.Create<string, DataValue>(variable.Key[3..].ToLowerInvariant(), new DataValue.Text(variable.Value)))));
    }
}
