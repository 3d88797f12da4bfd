using System.Security.Cryptography;

namespace Nodepool.Core;

/// <summary>The sources of a real process: system clock, operating-system randomness.</summary>
public sealed class SystemSources : IIdSource, IRandomSource
{
    private SystemSources()
    {
    }

    /// <summary>The sources every role of the program is given by <c>Program.cs</c>.</summary>
    public static Sources Create()
    {
        var system = new SystemSources();
        return new Sources(TimeProvider.System, system, system);
    }

    /// <inheritdoc/>
    public string NewId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <inheritdoc/>
    public double NextDouble() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
