namespace Nodepool.Providers.OpenStack.Images;

/// <summary>Sums of a file's content, in lower-case hexadecimal digits.</summary>
internal sealed record FileSums(string Sha256, string Sha512);
