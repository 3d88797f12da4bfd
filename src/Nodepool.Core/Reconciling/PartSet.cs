namespace Nodepool.Core.Reconciling;

/// <summary>The running parts of a role by name. A new configuration restarts only those whose identity changed.</summary>
internal sealed class PartSet : IAsyncDisposable
{
    private readonly Dictionary<string, RunningPart> _parts = new(StringComparer.Ordinal);

    /// <summary>Makes exactly the wanted parts run: first stops what is gone or changed, then starts what is new.</summary>
    /// <param name="wanted">In the order in which they start.</param>
    public async ValueTask ApplyAsync(IReadOnlyList<Part> wanted)
    {
        var byName = wanted.ToDictionary(part => part.Name, StringComparer.Ordinal);
        var stale = _parts.Where(part => !byName.TryGetValue(part.Key, out var next) || !next.Identity.Equals(part.Value.Identity)).ToArray();
        await StopAsync(stale.Select(part => part.Value));
        foreach (var (name, _) in stale)
        {
            _parts.Remove(name);
        }

        foreach (var part in wanted.Where(part => !_parts.ContainsKey(part.Name)))
        {
            _parts[part.Name] = new RunningPart(part);
        }
    }

    /// <summary>Stops everything, side by side.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(_parts.Values);
        _parts.Clear();
    }

    private static async Task StopAsync(IEnumerable<RunningPart> parts) => await Task.WhenAll(parts.Select(part => part.DisposeAsync().AsTask()));
}
