using System.Text;
using Nodepool.Core.State;

namespace Nodepool.Core.Operations;

/// <summary>A holder of or waiter for a lock, as it is stored.</summary>
/// <param name="Path">The contender entry.</param>
/// <param name="Holder">What its owner wrote into it; may be empty.</param>
/// <param name="SurvivesSession">It stays when the process that made it ends.</param>
public sealed record LockContender(string Path, string Holder, bool SurvivesSession)
{
    private const string Infix = "__lock__";
    private const int Digits = 10;

    /// <summary>Names the holder in a sentence.</summary>
    public string Description => Holder.Length > 0 ? $"'{Holder}'" : $"a client that gave no name ({Path[(Path.LastIndexOf('/') + 1)..]})";

    /// <summary>The contenders of a lock; the first one holds it.</summary>
    public static async ValueTask<IReadOnlyList<LockContender>> ListAsync(IStateEngine engine, string directory, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var contenders = new List<LockContender>();
        foreach (var name in await engine.ListAsync(directory, ct))
        {
            if (IsContender(name) && await engine.GetAsync($"{directory}/{name}", ct) is { } entry)
            {
                contenders.Add(new LockContender(entry.Path, Encoding.UTF8.GetString(entry.Data.Span), !entry.IsEphemeral));
            }
        }

        return [.. contenders.OrderBy(contender => contender.Path[^Digits..], StringComparer.Ordinal)];
    }

    /// <summary>The holder of a lock, or null when it is free.</summary>
    public static async ValueTask<LockContender?> HolderAsync(IStateEngine engine, string directory, CancellationToken ct) =>
        await ListAsync(engine, directory, ct) is [var first, ..] ? first : null;

    /// <summary>The write that makes a contender which outlives this process.</summary>
    public static Write NewPersistent(string directory, string id, string holder) =>
        new Write.Create($"{directory}/{id}{Infix}", Encoding.UTF8.GetBytes(holder), CreateModes.Sequential);

    private static bool IsContender(string name) =>
        name.Length > Digits && name.AsSpan(0, name.Length - Digits).EndsWith(Infix, StringComparison.Ordinal);
}
