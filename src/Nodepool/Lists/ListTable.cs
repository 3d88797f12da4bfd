namespace Nodepool.Lists;

/// <summary>A list at one moment: what the command line and the web pages show of it.</summary>
/// <param name="Titles">Heads of the columns, for people.</param>
/// <param name="Fields">Names of the columns, for programs.</param>
/// <param name="Rows">The values, row by row.</param>
internal sealed record ListTable(IReadOnlyList<string> Titles, IReadOnlyList<string> Fields, IReadOnlyList<IReadOnlyList<ListCell>> Rows)
{
    public static ListTable Of<TRow>(IReadOnlyList<ListColumn<TRow>> columns, IEnumerable<TRow> rows, double now) => new(
        [.. columns.Select(column => column.Title)],
        [.. columns.Select(column => column.Field)],
        [.. rows.Select(row => columns.Select(column => column.Cell(row, now)).ToArray())]);

    /// <summary>Only the named columns, in the list's own order; names of no column are passed over, as Python does.</summary>
    public ListTable Only(IReadOnlyCollection<string> fields)
    {
        var kept = Enumerable.Range(0, Fields.Count).Where(index => fields.Contains(Fields[index])).ToArray();
        return new(Pick(Titles, kept), Pick(Fields, kept), [.. Rows.Select(row => Pick(row, kept))]);
    }

    /// <summary>Only the first columns.</summary>
    public ListTable First(int count) => Only([.. Fields.Take(count)]);

    private static T[] Pick<T>(IReadOnlyList<T> from, int[] indexes) => Array.ConvertAll(indexes, index => from[index]);
}
