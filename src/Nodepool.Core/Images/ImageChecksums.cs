namespace Nodepool.Core.Images;

/// <summary>Checksums of an image file, in lower-case hexadecimal digits.</summary>
/// <param name="Md5">MD5: some clouds compare nothing else.</param>
/// <param name="Sha256">SHA-256.</param>
public sealed record ImageChecksums(string Md5, string Sha256);
