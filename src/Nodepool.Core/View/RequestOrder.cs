namespace Nodepool.Core.View;

/// <summary>Order in which open requests are served: priority, relative priority, age.</summary>
public sealed class RequestOrder : IComparer<RequestView>
{
    private RequestOrder()
    {
    }

    /// <summary>The order.</summary>
    public static RequestOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(RequestView? x, RequestView? y)
    {
        if (ReferenceEquals(x, y) || x is null || y is null)
        {
            return ReferenceEquals(x, y) ? 0 : x is null ? -1 : 1;
        }

        var order = Priority(x.Id).CompareTo(Priority(y.Id), StringComparison.Ordinal);
        order = order != 0 ? order : (x.Record?.RelativePriority ?? 0).CompareTo(y.Record?.RelativePriority ?? 0);
        return order != 0 ? order : string.CompareOrdinal(x.Id, y.Id);
    }

    /// <summary>Both are served before or after those of another priority.</summary>
    public static bool HaveSamePriority(RequestView one, RequestView other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return Priority(one.Id).SequenceEqual(Priority(other.Id));
    }

    private static ReadOnlySpan<char> Priority(string id)
    {
        var dash = id.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? id : id.AsSpan(0, dash);
    }
}
