using Nodepool.Core.Collections;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Providers.Aws;

/// <summary>Reads the elements of <c>cloud-images</c> and <c>diskimages</c>.</summary>
internal static class AwsImageSection
{
    private static readonly (string Word, AwsImportMethod Value)[] ImportMethods =
        [("snapshot", AwsImportMethod.Snapshot), ("ebs-direct", AwsImportMethod.EbsDirect), ("image", AwsImportMethod.Image)];

    public static AwsCloudImageOptions ReadCloudImage(ConfigMap image)
    {
        image.RequiredText("username");
        return new(image.ExactlyOne("image-id", "image-filters") == "image-id"
            ? new AwsImageChoice.ById(image.Text("image-id", ""))
            : new AwsImageChoice.Newest(image.Maps("image-filters").Select(ReadFilter).ToValueList()));
    }

    public static AwsDiskImageOptions ReadDiskImage(ConfigMap image)
    {
        var usual = new AwsDiskImageOptions();
        var options = usual with
        {
            Architecture = image.Text("architecture", usual.Architecture),
            EnaSupport = image.Bool("ena-support", usual.EnaSupport),
            RequiresMetadataTokens = image.Choice("imds-support", usual.RequiresMetadataTokens, ("v2.0", true), ("none", false)),
            ImportMethod = image.Choice("import-method", usual.ImportMethod, ImportMethods),
            Volume = ReadVolume(image, usual.Volume),
        };
        if (options is { RequiresMetadataTokens: true, ImportMethod: AwsImportMethod.Image })
        {
            image.Error("imds-support", "'import-method: image' cannot set it; use 'snapshot' or 'ebs-direct'");
        }

        return options;
    }

    /// <summary>The keys of a root volume, which labels have as well.</summary>
    public static AwsVolume ReadVolume(ConfigMap map, AwsVolume usual) => new()
    {
        Type = map.Text("volume-type") ?? usual.Type,
        SizeGiB = map.OptionalInt("volume-size", min: 1),
        Iops = map.OptionalInt("iops", min: 1),
        ThroughputMiB = map.OptionalInt("throughput", min: 1),
    };

    /// <summary>The capital letters are EC2's own, which the keys once had to have.</summary>
    private static AwsImageFilter ReadFilter(ConfigMap filter) =>
        new(filter.RequiredText(filter.Spelling("name", "Name")), filter.RequiredTexts(filter.Spelling("values", "Values")));
}
