using Nodepool.Core;

namespace Nodepool.Testing;

/// <summary>Ids and chance that a seed determines. Thread-safe, but only one thread makes them repeatable.</summary>
public sealed class SeededSources : IIdSource, IRandomSource
{
    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly byte[] _id = new byte[16];

    private SeededSources(int seed) => _random = new Random(seed);

    /// <summary>Sources with that clock and seed.</summary>
    public static Sources Create(TimeProvider time, int seed = 1)
    {
        var seeded = new SeededSources(seed);
        return new Sources(time, seeded, seeded);
    }

    /// <inheritdoc/>
    public string NewId()
    {
        lock (_gate)
        {
            _random.NextBytes(_id);
            return Convert.ToHexStringLower(_id);
        }
    }

    /// <inheritdoc/>
    public double NextDouble()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }
}
