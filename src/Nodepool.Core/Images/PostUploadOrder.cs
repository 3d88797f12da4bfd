namespace Nodepool.Core.Images;

/// <summary>One run of an operator's <c>post-upload-hook</c>; its three arguments are those of Python's builders.</summary>
/// <param name="Program">Absolute path of the program.</param>
/// <param name="Provider">Name of the provider.</param>
/// <param name="ExternalId">The provider's id of the image.</param>
/// <param name="File">Absolute path of the local file; of several formats the first.</param>
public sealed record PostUploadOrder(string Program, string Provider, string ExternalId, string File);
