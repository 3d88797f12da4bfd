using System.Buffers.Text;
using System.Text;
using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Providers.Local;

/// <summary>Reads a provider section of driver <c>local</c>.</summary>
internal static class LocalSection
{
    /// <summary>Both forms of an image are needed: the file tree for containers and boot files, the disk for virtual machines.</summary>
    public static readonly ValueList<string> ImageFormats = ["qcow2", "tar"];

    // An emulated machine on a busy host needs minutes where a cloud's needs seconds; a local start that takes longer hangs.
    private static readonly ProviderDefaults Defaults = new() { BootTimeout = TimeSpan.FromMinutes(5), LaunchTimeout = TimeSpan.FromMinutes(10) };

    public static ProviderConfig Read(ConfigMap section)
    {
        var pools = ProviderSection.Defaults(section);
        return ProviderSection.Read(section, pool => ReadPool(pool, pools), Defaults) with
        {
            DiskImages = CloudSection.DiskImages(section),
            ImageFormats = ImageFormats,
            UploadTimeout = section.Seconds("image-upload-timeout", TimeSpan.FromHours(1)),
            PostUploadHook = section.FilePath("post-upload-hook"),
            Options = new LocalOptions(ReadAddresses(section), ReadKeys(section)),
        };
    }

    private static AddressBlock ReadAddresses(ConfigMap section)
    {
        var text = section.Text("address-base", AddressBlock.Default.ToString());
        if (AddressBlock.TryParse(text, out var block))
            return block;
        section.Error("address-base", $"'{text}' is no block of loopback addresses; it looks like {AddressBlock.Default}: inside 127.0.0.0/8, at most /30");
        return AddressBlock.Default;
    }

    private static PoolConfig ReadPool(ConfigMap pool, PoolDefaults defaults)
    {
        var checking = pool.Bool("host-key-checking", defaults.HostKeyChecking);
        var limits = ProviderSection.ReadLimits(pool, defaults.Limits);
        return ProviderSection.ReadPool(pool, defaults, ReadFittingLabel);

        PoolLabelConfig ReadFittingLabel(ConfigMap label)
        {
            var options = ReadOptions(label);
            ProviderSection.WarnIfTooMuch(label, "memory", options.MemoryMiB, limits, Quota.Ram);
            ProviderSection.WarnIfTooMuch(label, "vcpus", options.Vcpus, limits, Quota.Cores);
            return ReadLabel(label, checking) with { Options = options };
        }
    }

    private static PoolLabelConfig ReadLabel(ConfigMap label, bool hostKeyChecking)
    {
        var common = ProviderSection.ReadLabel(label, hostKeyChecking);
        if (common.CloudImage is not null)
            label.Error("cloud-image", "the driver 'local' starts nodes from images that are built here; use 'diskimage'");
        else
            label.RequiredText("diskimage");
        return common with { CloudImage = null };
    }

    private static LocalLabelOptions ReadOptions(ConfigMap label) => new(
        label.RequiredChoice("kind", LocalKinds.Words),
        label.Int("memory", LocalLabelOptions.DefaultMemoryMiB, min: 32),
        label.Int("vcpus", LocalLabelOptions.DefaultVcpus, min: 1, max: 255),
        ReadKeys(label));

    private static ValueList<string> ReadKeys(ConfigMap map)
    {
        var keys = map.Texts("authorized-keys");
        foreach (var key in keys.Where(key => !IsPublicKey(key)))
        {
            map.Error("authorized-keys", $"'{Shorten(key)}' is no public ssh key; give the text of an id_….pub file: 'ssh-ed25519 AAAA… comment'");
        }

        return keys;
    }

    private static bool IsPublicKey(string text) =>
        !text.AsSpan().ContainsAny('\r', '\n')
        && text.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries) is [_, var body, ..]
        && Base64.IsValid(body) && Convert.FromBase64String(body).Length > 16;

    private static string Shorten(string text) => Encoding.UTF8.GetByteCount(text) <= 24 ? text : text[..Math.Min(text.Length, 20)] + "…";
}
