using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Reads <c>diskimages</c>, with what each inherits from its parents.</summary>
internal sealed class DiskImageSection
{
    private const int MostParents = 50;
    private const int MostInherited = 200_000;
    private static readonly DiskImageConfig Nobody = new() { Name = "" };

    private readonly Dictionary<string, ConfigMap> _sections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DiskImageConfig> _read = new(StringComparer.Ordinal);
    private readonly List<string> _chain = [];
    private readonly IReadOnlyList<string> _tools;
    private int _inherited;

    private DiskImageSection(IReadOnlyList<ConfigMap> sections, IReadOnlyList<string> tools)
    {
        _tools = tools;
        foreach (var section in sections)
        {
            _sections.TryAdd(section.RequiredText("name"), section);
        }
    }

    /// <summary>All images, in file order. Of several with one name, which is an error, only the first.</summary>
    public static ValueList<DiskImageConfig> ReadAll(IReadOnlyList<ConfigMap> sections, IReadOnlyList<string> tools)
    {
        var reading = new DiskImageSection(sections, tools);
        foreach (var repeated in sections.Except(reading._sections.Values))
        {
            reading.Read(repeated, "", Nobody);
        }

        return reading._sections.Keys.Select(reading.Find).ToValueList();
    }

    private DiskImageConfig Find(string name)
    {
        if (_read.TryGetValue(name, out var known))
        {
            return known;
        }

        var section = _sections[name];
        _chain.Add(name);
        var config = Read(section, name, ParentOf(section));
        _chain.RemoveAt(_chain.Count - 1);
        return _read[name] = config;
    }

    private DiskImageConfig ParentOf(ConfigMap section)
    {
        if (section.Text("parent") is not { } parent)
        {
            return Nobody;
        }

        if (_chain.IndexOf(parent) is var start and >= 0)
        {
            var circle = string.Join(" → ", _chain[start..].Append(parent).Select(Wording.Quote));
            section.Error("parent", $"parents in a circle: {circle}; remove one 'parent'");
            return Nobody;
        }

        if (_chain.Count > MostParents)
        {
            section.Error("parent", $"more than {MostParents} levels of parents");
        }
        else if (_sections.ContainsKey(parent))
        {
            return Find(parent);
        }
        else if (!section.IsHopeless)
        {
            section.Error("parent", Complaint.OfName($"no diskimage {Wording.Quote(parent)}", parent, _sections.Keys, "diskimages here"));
        }

        return Nobody;
    }

    private DiskImageConfig Read(ConfigMap section, string name, DiskImageConfig parent)
    {
        section.Text("parent");
        var formats = section.Texts("formats");
        var kept = section.Texts("keep-formats");
        var retention = section.Int("image-retention", parent.Retention, min: 1);
        return new DiskImageConfig
        {
            Name = name,
            IsAbstract = section.Bool("abstract", false),
            Tool = ReadTool(section, parent.Tool),
            DibCommand = section.Text("dib-cmd") is { } command ? ReadCommand(section, command) : parent.DibCommand,
            Elements = Append(section, "elements", parent.Elements),
            Packages = Append(section, "packages", parent.Packages),
            EnvVars = Update(section, "env-vars", parent.EnvVars),
            Formats = formats.Count > 0 ? formats : parent.Formats,
            KeepFormats = kept.Count > 0 ? kept : parent.KeepFormats,
            DeleteAfterUpload = section.Bool("delete-after-upload", parent.DeleteAfterUpload),
            Retention = retention,
            Canary = CanarySection.Read(section, parent.Canary, retention),
            Release = section.Text("release", parent.Release),
            RebuildAge = ReadPeriod(section, "rebuild-age", parent.RebuildAge),
            BuildTimeout = ReadPeriod(section, "build-timeout", parent.BuildTimeout),
            Pause = section.Bool("pause", parent.Pause),
            Username = section.Text("username", parent.Username),
            PythonPath = section.Text("python-path", parent.PythonPath),
            ShellType = section.Text("shell-type") ?? parent.ShellType,
            Metadata = section.Has("metadata") ? section.TextMap("metadata") : parent.Metadata,
        };
    }

    private ValueList<string> Append(ConfigMap section, string key, ValueList<string> inherited)
    {
        var own = section.Texts(key);
        return own.Count == 0 || !MayInherit(section, key, inherited.Count) ? inherited : [.. inherited, .. own];
    }

    private ValueMap<string> Update(ConfigMap section, string key, ValueMap<string> inherited)
    {
        var own = section.TextMap(key);
        return own.Count == 0 || !MayInherit(section, key, inherited.Count) ? inherited : new ValueMap<string>([.. inherited, .. own]);
    }

    /// <summary>Bounds the memory that a file made for the purpose can take.</summary>
    private bool MayInherit(ConfigMap section, string key, int count)
    {
        _inherited += count;
        if (_inherited <= MostInherited)
        {
            return true;
        }

        section.Error(key, $"the diskimages of this file inherit more than {MostInherited} values");
        return false;
    }

    private string ReadTool(ConfigMap section, string fallback)
    {
        var tool = section.Text("image-tool", fallback);
        if (_tools.Count > 0 && !_tools.Contains(tool) && section.Has("image-tool"))
        {
            section.Error("image-tool", Complaint.OfName($"no image tool {Wording.Quote(tool)}", tool, _tools, "image tools here"));
        }

        return tool;
    }

    private static ValueList<string> ReadCommand(ConfigMap section, string command)
    {
        if (ShellWords.Split(command) is { Count: > 0 } words)
        {
            return words;
        }

        section.Error("dib-cmd", "a command with closed quotes expected");
        return [];
    }

    /// <summary>Seconds of which zero makes no sense; Python ignores it as well, silently.</summary>
    private static TimeSpan ReadPeriod(ConfigMap section, string key, TimeSpan fallback)
    {
        var period = section.Seconds(key, fallback);
        if (period > TimeSpan.Zero)
        {
            return period;
        }

        section.Warn(key, $"zero has no meaning; {fallback.TotalSeconds:0} seconds are used");
        return fallback;
    }
}
