using System.Text.Json;

namespace Nodepool.Providers.Local.Machines;

/// <summary>What a trial of KVM showed, and for which host it holds.</summary>
/// <param name="Host">Boot, kernel and emulator that were tried; anything else is tried anew.</param>
/// <param name="Works">A guest reached user space in time.</param>
/// <param name="Reason">Why not; or how long it took.</param>
internal sealed record KvmVerdict(string Host, bool Works, string Reason)
{
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, LocalJson.Default.KvmVerdict);

    /// <summary>The stored verdict, or null when there is no readable one.</summary>
    public static KvmVerdict? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), LocalJson.Default.KvmVerdict);
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
