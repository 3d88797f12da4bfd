namespace Nodepool.Providers.Fake.Cloud;

/// <summary>Kinds of call to a <see cref="FakeCloud"/>.</summary>
public enum FakeOperation
{
    /// <summary>Create an instance.</summary>
    Create,

    /// <summary>Look at one instance.</summary>
    Get,

    /// <summary>List instances and images.</summary>
    List,

    /// <summary>Delete an instance.</summary>
    Delete,

    /// <summary>Upload an image.</summary>
    Upload,

    /// <summary>Delete an image.</summary>
    DeleteImage,

    /// <summary>Ask for the limits.</summary>
    Limits,

    /// <summary>Read a console log.</summary>
    Console,
}
