namespace Nodepool.Providers.Aws;

/// <summary>The IAM instance profile of a label's instances.</summary>
public abstract record AwsInstanceProfile
{
    private AwsInstanceProfile()
    {
    }

    /// <summary>By its name.</summary>
    /// <param name="Name"><c>name</c>.</param>
    public sealed record ByName(string Name) : AwsInstanceProfile;

    /// <summary>By its Amazon resource name.</summary>
    /// <param name="Arn"><c>arn</c>.</param>
    public sealed record ByArn(string Arn) : AwsInstanceProfile;
}
