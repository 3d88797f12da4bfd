using Microsoft.Net.Http.Headers;

namespace Nodepool.Web;

/// <summary>
/// Chooses text or JSON by the Accept header: JSON only when the client ranks it first, else the text
/// table, also for <c>text/html</c> as browsers send it. Equal quality: the more exactly named type wins, then the one named first.
/// </summary>
internal static class Negotiation
{
    private static readonly (string Type, AnswerForm Form)[] Offers =
        [("text/html", AnswerForm.Text), ("text/plain", AnswerForm.Text), ("application/json", AnswerForm.Json)];

    /// <param name="accept">Values of the header; none, or nothing readable in it, accepts everything.</param>
    public static AnswerForm Choose(IList<string> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges) || ranges.Count == 0)
        {
            return AnswerForm.Text;
        }

        var (best, form) = ((Quality: 0.0, Exactness: 0, Order: 0), AnswerForm.None);
        foreach (var offer in Offers)
        {
            var rank = Rank(offer.Type, ranges);
            if (rank.Quality > 0 && rank.CompareTo(best) > 0)
            {
                (best, form) = (rank, offer.Form);
            }
        }

        return form;
    }

    /// <summary>The most exact range that names a type decides about it, even when a vaguer one is kinder.</summary>
    private static (double Quality, int Exactness, int Order) Rank(string type, IList<MediaTypeHeaderValue> ranges)
    {
        var rank = (Quality: 0.0, Exactness: 0, Order: 0);
        for (var index = 0; index < ranges.Count; index++)
        {
            var range = ranges[index];
            var exactness = range.MatchesAllTypes ? 1
                : range.MatchesAllSubTypes ? (type.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase) ? 2 : 0)
                : range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (exactness > rank.Exactness)
            {
                rank = (range.Quality ?? 1, exactness, -index);
            }
        }

        return rank;
    }
}
