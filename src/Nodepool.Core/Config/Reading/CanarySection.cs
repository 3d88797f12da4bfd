namespace Nodepool.Core.Config.Reading;

/// <summary>Reads <c>image-canary</c> of diskimages and labels.</summary>
internal static class CanarySection
{
    /// <summary>Its name.</summary>
    public const string Key = "image-canary";

    /// <summary>That of a diskimage; what is missing in it has its default. A share of zero switches off what a parent has.</summary>
    /// <param name="image">The diskimage.</param>
    /// <param name="inherited">The parent's.</param>
    /// <param name="retention">How many uploads the image keeps.</param>
    public static CanaryConfig? Read(ConfigMap image, CanaryConfig? inherited, int retention)
    {
        var config = image.Map(Key) is { } section ? ReadOwn(section) is { Share: > 0 } own ? own : null : inherited;
        if (config is not null && retention < 2)
        {
            image.Error(image.Has(Key) ? Key : "image-retention", "a canary needs an upload to go back to: give 'image-retention' 2 or more");
        }

        return config;
    }

    /// <summary>That of a label; what is missing in it has its default.</summary>
    public static CanaryConfig? ReadLabel(ConfigMap label)
    {
        if (label.Map(Key) is not { } section)
        {
            return null;
        }

        var config = ReadOwn(section);
        if (config.Share == 0)
        {
            section.Error("share", "a label cannot switch off the trial of an image: leave 'image-canary' out, or give 100 to use new uploads for it at once");
        }

        return config;
    }

    private static CanaryConfig ReadOwn(ConfigMap section)
    {
        var usual = new CanaryConfig();
        return new CanaryConfig
        {
            Share = section.Number("share", usual.Share * 100, min: 0, max: 100) / 100,
            Launches = section.Int("launches", usual.Launches, min: 1),
            MaxAge = section.Seconds("max-age", usual.MaxAge),
            MaxSlowdown = section.Number("max-slowdown", usual.MaxSlowdown, min: 1),
        };
    }
}
