namespace Nodepool.Providers.Gce;

/// <summary>Which image a cloud image is.</summary>
public abstract record GceImageChoice
{
    private GceImageChoice()
    {
    }

    /// <summary>Always the same.</summary>
    /// <param name="ImageId"><c>image-id</c>.</param>
    public sealed record ById(string ImageId) : GceImageChoice;

    /// <summary>The newest of a family.</summary>
    /// <param name="Project"><c>image-project</c> that the family belongs to.</param>
    /// <param name="Family"><c>image-family</c>.</param>
    public sealed record NewestOfFamily(string Project, string Family) : GceImageChoice;
}
