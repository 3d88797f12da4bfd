namespace Nodepool.Core.Launching;

/// <summary>Where CI systems tell what becomes of their jobs.</summary>
public interface IJobEvents
{
    /// <summary>The messages of one publisher from now on, without end: connections that break are made anew. What is sent meanwhile is lost, as publishers keep nothing.</summary>
    /// <param name="endpoint">Its address, <c>tcp://HOST:PORT</c>.</param>
    /// <param name="ct">Ends the listening.</param>
    /// <exception cref="FormatException">The address cannot be understood.</exception>
    IAsyncEnumerable<string> ListenAsync(string endpoint, CancellationToken ct);
}
