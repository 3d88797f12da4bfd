using System.Globalization;
using Nodepool.Core.Model;
using Nodepool.Core.View;

namespace Nodepool.Core.Launching.Backing;

/// <summary>The stage of a launch that waits for a slot: it tells since when, so that only a failure after that is its own.</summary>
public static class BackingWait
{
    private const string Word = "waiting since ";

    /// <summary>The stage of a launch that begins to wait.</summary>
    /// <param name="unixNow">Now, Unix seconds.</param>
    public static string From(double unixNow) => Word + unixNow.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>Since when a launch waits, Unix seconds; infinity when it has not begun to.</summary>
    public static double Since(string stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.StartsWith(Word, StringComparison.Ordinal) && double.TryParse(stage.AsSpan(Word.Length), CultureInfo.InvariantCulture, out var since)
            ? since
            : double.PositiveInfinity;
    }

    /// <summary>A request for a bigger node that has failed while a launch waited for it; null when there is none.</summary>
    /// <param name="view">All records.</param>
    /// <param name="owner">Who asked, see <see cref="BackingRecord.OwnerOf"/>.</param>
    /// <param name="label">Label of the bigger nodes.</param>
    /// <param name="since">Unix seconds.</param>
    public static RequestView? Disappointment(ClusterView view, string owner, string label, double since)
    {
        ArgumentNullException.ThrowIfNull(view);
        return view.Requests.Values.Where(request => request.Record is { State: RequestState.Failed } record && record.Requestor == owner
                && record.NodeTypes is [var only] && only == label && record.StateTime >= since)
            .MinBy(request => request.Id, StringComparer.Ordinal);
    }
}
