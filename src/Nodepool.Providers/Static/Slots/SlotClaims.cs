using System.Text.Json;
using System.Text.Json.Nodes;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Static.Slots;

/// <summary>
/// The slots in use, in the file <c>claims.json</c> of the provider's directory. Processes change it one after the other, under a lock
/// that ends with its process; it is replaced as a whole, so a reader and a crash see the state before or after a change.
/// </summary>
internal sealed class SlotClaims(string directory, TimeProvider time)
{
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    private readonly string _path = Path.Combine(directory, "claims.json");

    /// <summary>All claims.</summary>
    public ValueTask<IReadOnlyList<SlotClaim>> ReadAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return new(Read());
    }

    /// <summary>Changes the list of claims; what the change throws leaves it as it was.</summary>
    public async ValueTask<T> ChangeAsync<T>(Func<List<SlotClaim>, T> change, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        await using var held = await LockAsync(ct);
        var before = Read();
        var claims = before.ToList();
        var result = change(claims);
        if (!claims.SequenceEqual(before))
        {
            Write(claims);
        }

        return result;
    }

    private async ValueTask<FileStream> LockAsync(CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; ; waited += LockPause)
        {
            try
            {
                Directory.CreateDirectory(directory);
                return new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited < LockPatience)
            {
                // Most likely another process holds it, for some milliseconds.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Broken("lock", e);
            }

            await Task.Delay(LockPause, time, ct);
        }
    }

    private List<SlotClaim> Read()
    {
        try
        {
            return !File.Exists(_path) ? []
                : JsonNode.Parse(File.ReadAllText(_path)) is JsonArray claims ? [.. claims.Select(SlotClaim.FromJson)]
                : throw new FormatException("it is no list");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken("read", e);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new ProviderException(
                ProviderFault.Unavailable,
                $"{_path} is damaged ({e.Message}). Remove it once no node of this provider is in use; until then none can be launched",
                e);
        }
    }

    private void Write(List<SlotClaim> claims)
    {
        var next = _path + ".next";
        try
        {
            using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(new JsonArray([.. claims.Select(claim => claim.ToJson())]).ToJsonString(Readable)));
                file.Flush(flushToDisk: true);
            }

            File.Move(next, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken("write", e);
        }
    }

    private ProviderException Broken(string what, Exception e) =>
        new(ProviderFault.Unavailable, $"cannot {what} {_path}: {e.Message}. Check space and permissions of that directory", e);
}
