namespace Nodepool.Core.Config.Reading.V2;

/// <summary>One element of a provider's <c>images</c>: which image labels boot there, and how.</summary>
internal sealed class V2Image
{
    private static readonly string[] Options =
    [
        "name", "diskimage", "base-image", "min-ram", "name-filter", "key-name", "username", "user-home", "private-key", "config-drive", "meta", "pause",
    ];

    public V2Image(ConfigMap section, V2DiskImages diskImages)
    {
        section.Ignore(Options);
        (Section, Name) = (section, section.Text("name") ?? "");
        var wanted = section.Text("diskimage");
        IsOurs = section.Has("diskimage") || !section.Has("base-image");
        DiskImageKey = wanted is not null && wanted != Name && !diskImages.Has(Name) ? "diskimage" : "name";
        IsRenamed = wanted is not null && wanted != Name && DiskImageKey == "name";
    }

    public ConfigMap Section { get; }

    /// <summary>What labels call it; empty when missing, which the reader of the translated tree reports.</summary>
    public string Name { get; }

    /// <summary>Built by diskimage-builder and uploaded; else a snapshot of a <c>base-image</c>, as before 0.4.</summary>
    public bool IsOurs { get; }

    /// <summary>Which of its keys names the diskimage. Since 0.4 that is always its own name; before, <c>diskimage</c> could be another.</summary>
    public string DiskImageKey { get; }

    /// <summary>Two different diskimages are named, and the name counts.</summary>
    public bool IsRenamed { get; }

    /// <summary>Name of the diskimage.</summary>
    public string DiskImage => Section.Text(DiskImageKey) ?? "";

    /// <summary>Login user; the seed's default was not today's.</summary>
    public string Username => Section.Text("username", V2DiskImages.DefaultUser);
}
