using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Nodepool.ImageTools;

/// <summary>The <c>.md5</c> and <c>.sha256</c> files beside an image, in the form of <c>md5sum</c> and <c>sha256sum</c>.</summary>
internal static class Checksums
{
    /// <summary>Reads the file once and writes both.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "Clouds compare the MD5 sum of an upload; it guards against accidents, not attacks.")]
    public static async Task WriteAsync(string file, CancellationToken ct)
    {
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
            int read;
            while ((read = await stream.ReadAsync(buffer, ct)) > 0)
            {
                md5.AppendData(buffer, 0, read);
                sha256.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await WriteAsync(file, "md5", md5, ct);
        await WriteAsync(file, "sha256", sha256, ct);
    }

    private static Task WriteAsync(string file, string ending, IncrementalHash hash, CancellationToken ct) =>
        File.WriteAllTextAsync($"{file}.{ending}", $"{Convert.ToHexStringLower(hash.GetHashAndReset())}  {Path.GetFileName(file)}\n", ct);
}
