using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>The <c>.md5</c> and <c>.sha256</c> files beside an image, in the form of <c>md5sum</c> and <c>sha256sum</c>.</summary>
internal static class Checksums
{
    /// <summary>Reads the file once and writes both.</summary>
    public static async Task WriteAsync(string file, CancellationToken ct)
    {
        var sums = await ComputeAsync(file, ct);
        await WriteAsync(file, "md5", sums.Md5, ct);
        await WriteAsync(file, "sha256", sums.Sha256, ct);
    }

    /// <summary>Reads the file once and compares it with those that are beside it; an MD5 sum may be missing.</summary>
    /// <exception cref="ImageBuildException">It is not what was built.</exception>
    /// <exception cref="IOException">One of the files cannot be read.</exception>
    public static async Task<ImageChecksums> VerifyAsync(string file, CancellationToken ct)
    {
        var sums = await ComputeAsync(file, ct);
        foreach (var (ending, sum) in (ReadOnlySpan<(string, string)>)[("md5", sums.Md5), ("sha256", sums.Sha256)])
        {
            if (ReadSum($"{file}.{ending}") is { } written && !written.Equals(sum, StringComparison.OrdinalIgnoreCase))
            {
                throw new ImageBuildException($"{file} has changed since it was built: its {ending} sum is {sum}, {Path.GetFileName(file)}.{ending} says {written}; build the image anew");
            }
        }

        return sums;
    }

    [SuppressMessage("Security", "CA5351", Justification = "Clouds compare the MD5 sum of an upload; it guards against accidents, not attacks.")]
    private static async Task<ImageChecksums> ComputeAsync(string file, CancellationToken ct)
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

        return new ImageChecksums(Convert.ToHexStringLower(md5.GetHashAndReset()), Convert.ToHexStringLower(sha256.GetHashAndReset()));
    }

    /// <summary>The first word: what follows is the file's name, as of then.</summary>
    private static string? ReadSum(string path) =>
        File.Exists(path) && File.ReadAllText(path).Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is [var sum, ..] ? sum : null;

    private static Task WriteAsync(string file, string ending, string sum, CancellationToken ct) =>
        File.WriteAllTextAsync($"{file}.{ending}", $"{sum}  {Path.GetFileName(file)}\n", ct);
}
