namespace Nodepool.Providers.Aws;

/// <summary>How a file becomes a machine image.</summary>
public enum AwsImportMethod
{
    /// <summary>Through S3 to a snapshot, which is then registered.</summary>
    Snapshot,

    /// <summary>Written block by block into a snapshot, without S3.</summary>
    EbsDirect,

    /// <summary>Through S3 and EC2's importer of whole machines, which may change the image.</summary>
    Image,
}
