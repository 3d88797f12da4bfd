namespace Nodepool.Providers.IbmVpc;

/// <summary>Which image a cloud image is.</summary>
public abstract record IbmVpcImageChoice
{
    private IbmVpcImageChoice()
    {
    }

    /// <summary>By its URL.</summary>
    /// <param name="Href"><c>image-href</c>.</param>
    public sealed record ByHref(string Href) : IbmVpcImageChoice;

    /// <summary>By its id.</summary>
    /// <param name="ImageId"><c>image-id</c>.</param>
    public sealed record ById(string ImageId) : IbmVpcImageChoice;

    /// <summary>By its name.</summary>
    /// <param name="ImageName"><c>image-name</c>.</param>
    public sealed record ByName(string ImageName) : IbmVpcImageChoice;

    /// <summary>Among those that fit, the one that was created last; <c>image-filter</c>. Null members fit anything.</summary>
    /// <param name="OperatingSystem"><c>operating-system</c>.</param>
    /// <param name="OwnerType"><c>owner-type</c>.</param>
    /// <param name="Status"><c>status</c>.</param>
    public sealed record Newest(IbmVpcOperatingSystem? OperatingSystem, string? OwnerType, string? Status) : IbmVpcImageChoice;
}
