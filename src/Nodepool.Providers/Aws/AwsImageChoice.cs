using Nodepool.Core.Collections;

namespace Nodepool.Providers.Aws;

/// <summary>Which machine image (AMI) a cloud image is.</summary>
public abstract record AwsImageChoice
{
    private AwsImageChoice()
    {
    }

    /// <summary>Always the same.</summary>
    /// <param name="ImageId"><c>image-id</c>.</param>
    public sealed record ById(string ImageId) : AwsImageChoice;

    /// <summary>Among those that pass all filters, the one that was created last.</summary>
    /// <param name="Filters"><c>image-filters</c>.</param>
    public sealed record Newest(ValueList<AwsImageFilter> Filters) : AwsImageChoice;
}
