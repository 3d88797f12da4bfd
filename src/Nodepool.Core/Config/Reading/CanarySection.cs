namespace Nodepool.Core.Config.Reading;

/// <summary>Reads <c>image-canary</c> of a diskimage.</summary>
internal static class CanarySection
{
    private const string Key = "image-canary";

    /// <summary>The section; what is missing in it has its default. A share of zero switches off what a parent has.</summary>
    /// <param name="image">The diskimage.</param>
    /// <param name="inherited">The parent's.</param>
    /// <param name="retention">How many uploads the image keeps.</param>
    public static CanaryConfig? Read(ConfigMap image, CanaryConfig? inherited, int retention)
    {
        var config = image.Map(Key) is { } section ? ReadOwn(section) : inherited;
        if (config is not null && retention < 2)
        {
            image.Error(image.Has(Key) ? Key : "image-retention", "a canary needs an upload to go back to: give 'image-retention' 2 or more");
        }

        return config;
    }

    private static CanaryConfig? ReadOwn(ConfigMap section)
    {
        var usual = new CanaryConfig();
        var share = section.Number("share", usual.Share * 100, min: 0, max: 100);
        var config = usual with
        {
            Share = share / 100,
            Launches = section.Int("launches", usual.Launches, min: 1),
            MaxAge = section.Seconds("max-age", usual.MaxAge),
            MaxSlowdown = section.Number("max-slowdown", usual.MaxSlowdown, min: 1),
        };
        return share > 0 ? config : null;
    }
}
