using System.Net;
using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading.V2;
using Nodepool.Core.Providers;

namespace Nodepool.Core.Config.Reading;

/// <summary>Reads a whole configuration file; pure: whoever calls it reads the file.</summary>
/// <param name="schemas">The kinds of providers that are known; those that are an <see cref="IProviderDriver"/> can also be served.</param>
/// <param name="environment">Gives an environment variable or null; asked only for names with the prefix NODEPOOL_.</param>
/// <param name="imageTools">Names that <c>image-tool</c> may have; empty accepts any.</param>
public sealed class NodepoolConfigReader(IReadOnlyList<IProviderSchema> schemas, Func<string, string?> environment, params IReadOnlyList<string> imageTools)
{
    private static readonly string[] OfOlderForm = ["cron", "gearman-servers", "targets", "script-dir", "dburi"];
    private static readonly string[] OfOlderLabels = ["image", "providers", "subnodes", "ready-script"];

    /// <summary>Reads a text. Never throws for anything in it; every problem says where it is.</summary>
    /// <param name="file">Path as messages shall show it.</param>
    /// <param name="directory">Absolute directory that relative paths in the file start from.</param>
    /// <param name="text">The content.</param>
    public ConfigResult Read(string file, string directory, string text) => Read(ConfigDocument.Parse(file, text, environment, directory));

    /// <summary>Reads the bytes of a file: UTF-8, or UTF-16 with a byte order mark.</summary>
    /// <inheritdoc cref="Read(string, string, string)"/>
    public ConfigResult Read(string file, string directory, ReadOnlySpan<byte> content, ConfigDocument? secure = null) =>
        Read(ConfigDocument.Parse(file, content, environment, directory), secure);

    /// <summary>Parses a secure file, to be given to <see cref="Read(string, string, ReadOnlySpan{byte}, ConfigDocument?)"/>, once.</summary>
    /// <inheritdoc cref="Read(string, string, string)"/>
    public ConfigDocument ReadSecure(string file, string directory, ReadOnlySpan<byte> content) =>
        ConfigDocument.ParseSecure(file, content, environment, directory);

    private ConfigResult Read(ConfigDocument document, ConfigDocument? secure = null)
    {
        var config = document.Root is { } root ? ReadForm(document, root) : null;
        if (secure is null)
        {
            return new ConfigResult(document.HasErrors ? null : config, document.Problems, document.Text);
        }

        config = config is null ? null : SecureSection.Apply(secure, config, document.Text.File);
        return new ConfigResult(document.HasErrors || secure.HasErrors ? null : config, [.. document.Problems, .. secure.Problems], document.Text)
        {
            SecureFile = secure.Text.File,
        };
    }

    /// <summary>
    /// Where the records are, by a file that may be wrong elsewhere: roles that were started before go on with the last good version and want to be looked at.
    /// </summary>
    /// <param name="document">The file.</param>
    /// <param name="secure">The secure file over it; null without one.</param>
    /// <returns>Null when the file cannot be read at all.</returns>
    public static StorePlace? StoreOf(ConfigDocument document, ConfigDocument? secure)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.Root is not { } root)
        {
            return null;
        }

        var usual = new NodepoolConfig();
        var zooKeeper = ZooKeeperSection.Read(root, usual.ZooKeeper) with { SessionTimeout = ZooKeeperSection.ReadTimeout(root, usual.ZooKeeper.SessionTimeout) };
        return new StorePlace(root.FilePath("state-dir") ?? usual.StateDir, secure?.Root is { } over ? ZooKeeperSection.Read(over, zooKeeper) : zooKeeper);
    }

    private NodepoolConfig? ReadForm(ConfigDocument document, ConfigMap root)
    {
        switch (FormRecognition.Recognise(root))
        {
            case null:
                return null;
            case ConfigForm.V2:
                var translation = V2Translator.Translate(root);
                var present = document.Over(translation.Root);
                return ReadPresent(present) with { Legacy = translation.Legacy };
            default:
                return ReadPresent(root);
        }
    }

    private NodepoolConfig ReadPresent(ConfigMap root)
    {
        var config = ReadRoot(root);
        root.ReportUnknownKeys();
        return config;
    }

    private NodepoolConfig ReadRoot(ConfigMap root)
    {
        foreach (var key in OfOlderForm.Where(root.Contains))
        {
            root.Ignore(key);
            root.Warn(key, $"{Wording.Quote(key)} belongs to the form before Nodepool 3 and has no effect here; remove it");
        }

        if (root.Contains("zmq-publishers"))
        {
            root.Ignore("zmq-publishers");
            root.Warn("zmq-publishers", $"'zmq-publishers' belongs to the form before Nodepool 3 and has no effect here; write its addresses as 'publishers' under '{JobEventsSection.Key}'");
        }

        var usual = new NodepoolConfig();
        var providers = new ProviderReader(schemas);
        var sections = providers.ReadAll(root.Maps("providers"));
        var labels = ProviderSection.ReadOnce(root.Maps("labels"), ReadLabel);
        var config = usual with
        {
            ImagesDir = root.FilePath("images-dir"),
            ElementsDir = root.FilePaths("elements-dir"),
            BuildLogDir = root.FilePath("build-log-dir") ?? usual.BuildLogDir,
            // Documented for Python as well: zero keeps one.
            BuildLogRetention = root.Int("build-log-retention", usual.BuildLogRetention, min: -1) is var kept && kept == 0 ? 1 : kept,
            StateDir = root.FilePath("state-dir") ?? usual.StateDir,
            Webapp = root.Map("webapp") is { } webapp ? ReadWebapp(webapp) : usual.Webapp,
            ZooKeeper = ZooKeeperSection.Read(root, usual.ZooKeeper) with { SessionTimeout = ZooKeeperSection.ReadTimeout(root, usual.ZooKeeper.SessionTimeout) },
            TenantLimits = TenantSection.ReadAll(root),
            MaxHoldAge = root.AgeLimit("max-hold-age"),
            JobEvents = JobEventsSection.Read(root),
            Labels = labels,
            DiskImages = DiskImageSection.ReadAll(root.Maps("diskimages"), imageTools),
            Providers = Providers(isServed: true),
            UnservedProviders = Providers(isServed: false),
        };
        NameChecks.Run(root);
        PoolChecks.Run(sections);
        MachineChecks.Run(sections);
        LabelChecks.Run(root, config, sections);
        ImageChecks.Run(root, config, sections);
        CanaryChecks.Run(root, config);
        return config;

        ValueList<ProviderConfig> Providers(bool isServed) => sections.Select(section => section.Config).OfType<ProviderConfig>()
            .Where(provider => providers.HasDriver(provider.Driver) == isServed)
            .Select(provider => provider.Without(label => labels.Any(known => known.IsDisabled && known.Name == label.Name)))
            .ToValueList();
    }

    private static LabelConfig ReadLabel(ConfigMap label)
    {
        foreach (var key in OfOlderLabels.Where(label.Contains))
        {
            label.Ignore(key);
            label.Warn(key, $"{Wording.Quote(key)} of a label belongs to the form before Nodepool 3 and has no effect here; nodes come from the 'labels' of pools");
        }

        var ready = label.Int("min-ready", 0);
        return new LabelConfig
        {
            Name = label.RequiredText("name"),
            MinReady = Math.Max(0, ready),
            IsDisabled = ready < 0,
            ReadySchedule = ReadyScheduleSection.Read(label),
            ReplacesOutdated = label.Bool("replace-outdated", false),
            MaxReadyAge = label.AgeLimit("max-ready-age"),
            Canary = CanarySection.ReadLabel(label),
            LaunchDeadline = label.Seconds("launch-deadline", TimeSpan.Zero),
        };
    }

    private static WebappConfig ReadWebapp(ConfigMap webapp)
    {
        var usual = new WebappConfig();
        var key = webapp.Has("listen-address") ? "listen-address" : "listen_address";
        webapp.Ignore("listen_address", "listen-address");
        var address = webapp.Text(key, usual.ListenAddress);
        if (!IPAddress.TryParse(address, out _))
        {
            webapp.Error(key, Complaint.OfValue("an IP address such as 127.0.0.1 or 0.0.0.0", $"found {Wording.Quote(address)}"));
        }

        return new WebappConfig { Port = webapp.Int("port", usual.Port, min: 0, max: 65535), ListenAddress = address };
    }
}
