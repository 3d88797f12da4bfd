using System.Globalization;
using Nodepool.Core.Explaining;
using Nodepool.Logging;

namespace Nodepool.Status;

/// <summary>An explanation for people.</summary>
internal static class ExplanationText
{
    /// <summary>Some lines, without the end of the last.</summary>
    /// <param name="explanation">What is to be said.</param>
    /// <param name="now">Unix seconds.</param>
    public static string Of(RequestExplanation explanation, double now)
    {
        var record = explanation.Record;
        var who = record.TenantName is { Length: > 0 } tenant ? $"{record.Requestor ?? "somebody"} for tenant {tenant}" : record.Requestor ?? "somebody";
        var lines = new List<string>
        {
            $"request {explanation.Id}, {string.Join(",", record.NodeTypes)}, asked for by {who} {Words(now - (record.CreatedTime ?? record.StateTime))} ago:",
            $"  {explanation.Summary}",
        };
        foreach (var pool in explanation.Pools)
        {
            lines.Add($"{pool.Pool}{(pool.Host is { } host ? $" on {host}" : "")}: {pool.Code}");
            lines.Add($"  why:   {pool.Text}");
            Add("taken: ", pool.Holders);
            Add("when:  ", pool.Estimate is { } estimate ? $"perhaps in {Words(estimate.Seconds)}: {estimate.Basis}" : null);
            Add("helps: ", pool.Remedy);
        }

        return string.Join('\n', lines.Select(Printable.Line));

        void Add(string word, string? text)
        {
            if (text is not null)
            {
                lines.Add($"  {word}{text}");
            }
        }
    }

    private static string Words(double seconds) => seconds switch
    {
        < 1 => "a moment",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.#} h"),
    };
}
