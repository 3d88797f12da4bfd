using Nodepool.Core.Collections;

namespace Nodepool.Core.Config.Reading;

/// <summary>Reads what the provider sections of clouds share: images, the rate of calls, defaults for all pools.</summary>
public static class CloudSection
{
    private const int SshPort = 22;
    private const int WinrmPort = 5986;

    /// <summary>What a cloud's provider gives to its pools: priority and <c>host-key-checking</c>.</summary>
    public static PoolDefaults Defaults(ConfigMap section)
    {
        var common = ProviderSection.Defaults(section);
        return common with { HostKeyChecking = section.Bool("host-key-checking", common.HostKeyChecking) };
    }

    /// <summary>The elements of <c>cloud-images</c>.</summary>
    /// <param name="section">The element of <c>providers</c>.</param>
    /// <param name="readOptions">Reads the driver's own keys of one; null when it has none.</param>
    public static ValueList<CloudImageConfig> CloudImages(ConfigMap section, Func<ConfigMap, DriverOptions?>? readOptions = null) =>
        ProviderSection.ReadOnce(section.Maps("cloud-images"), image => new CloudImageConfig
        {
            Name = image.RequiredText("name"),
            Login = ReadLogin(image),
            Options = readOptions?.Invoke(image),
        });

    /// <summary>The elements of <c>diskimages</c>.</summary>
    /// <param name="section">The element of <c>providers</c>.</param>
    /// <param name="metaKey">What the driver calls the properties of images at the cloud; null when it has none.</param>
    /// <param name="readOptions">Reads the driver's own keys of one; null when it has none.</param>
    public static ValueList<ProviderDiskImageConfig> DiskImages(
        ConfigMap section, string? metaKey = "meta", Func<ConfigMap, DriverOptions?>? readOptions = null) =>
        ProviderSection.ReadOnce(section.Maps("diskimages"), image => new ProviderDiskImageConfig
        {
            Name = image.RequiredText("name"),
            Pause = image.Bool("pause", false),
            Meta = metaKey is null ? ValueMap<string>.Empty : image.TextMap(metaKey),
            Login = ReadLogin(image),
            Options = readOptions?.Invoke(image),
        });

    /// <summary><c>rate</c> as the number of calls per second that most clouds' sections mean, as the time between two.</summary>
    /// <param name="section">The element of <c>providers</c>.</param>
    /// <param name="fallback">Calls per second where nothing is said.</param>
    /// <param name="spellings">Other names of the key.</param>
    public static TimeSpan CallInterval(ConfigMap section, double fallback, params ReadOnlySpan<string> spellings)
    {
        var key = section.Spelling(["rate", .. spellings]);
        var perSecond = section.Number(key, fallback, min: 0, max: 1_000_000);
        if (perSecond > 0)
        {
            return TimeSpan.FromSeconds(Math.Min(1 / perSecond, ConfigMap.MostSeconds));
        }

        section.Error(key, "a number of calls per second above zero expected; with zero nothing could be asked");
        return TimeSpan.FromSeconds(1 / fallback);
    }

    private static ImageLogin ReadLogin(ConfigMap image)
    {
        var connection = image.Text("connection-type", "ssh");
        return new ImageLogin
        {
            Username = image.Text("username"),
            ConnectionType = connection,
            ConnectionPort = image.Int("connection-port", connection == "winrm" ? WinrmPort : SshPort, min: 1, max: 65535),
            PythonPath = image.Text("python-path"),
            ShellType = image.Text("shell-type"),
        };
    }
}
