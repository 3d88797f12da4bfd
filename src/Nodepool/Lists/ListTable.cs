namespace Nodepool.Lists;

/// <summary>A list at one moment: what the command line and the web pages show of it.</summary>
/// <param name="Titles">Heads of the columns, for people.</param>
/// <param name="Fields">Names of the columns, for programs.</param>
/// <param name="Rows">The values, row by row.</param>
internal sealed record ListTable(IReadOnlyList<string> Titles, IReadOnlyList<string> Fields, IReadOnlyList<IReadOnlyList<ListCell>> Rows)
{
    /// <summary>How many columns the usual table shows; the others are for those who ask for all.</summary>
    public int UsualColumns { get; init; } = int.MaxValue;

    /// <summary>The usual table.</summary>
    public ListTable Usual => UsualColumns >= Fields.Count ? this : First(UsualColumns);

    public static ListTable Of<TRow>(IReadOnlyList<ListColumn<TRow>> columns, IEnumerable<TRow> rows, double now) => new(
        [.. columns.Select(column => column.Title)],
        [.. columns.Select(column => column.Field)],
        [.. rows.Select(row => Cells(columns, row, now))]);

    /// <summary>Only the rows whose cell in a column shows one of these words; of a cell with a list, one of its items.</summary>
    /// <param name="field">Name of the column.</param>
    /// <param name="words">The words.</param>
    public ListTable Where(string field, IReadOnlyCollection<string> words)
    {
        var index = IndexOf(field);
        return this with { Rows = [.. Rows.Where(row => words.Contains(row[index].Text) || row[index].Text.Split(',').Any(words.Contains))] };
    }

    /// <summary>These columns in this order.</summary>
    /// <param name="fields">Names of columns that exist.</param>
    public ListTable Choose(IReadOnlyList<string> fields) => Of([.. fields.Select(IndexOf)]);

    /// <summary>Only the named columns, in the list's own order; names of no column are passed over, as Python does.</summary>
    public ListTable Only(IReadOnlyCollection<string> fields) => Of([.. Enumerable.Range(0, Fields.Count).Where(index => fields.Contains(Fields[index]))]);

    /// <summary>Only the first columns.</summary>
    public ListTable First(int count) => Only([.. Fields.Take(count)]);

    private static ListCell[] Cells<TRow>(IReadOnlyList<ListColumn<TRow>> columns, TRow row, double now)
    {
        var cells = new ListCell[columns.Count];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = columns[i].Cell(row, now);
        }

        return cells;
    }

    private ListTable Of(int[] kept) => new(Pick(Titles, kept), Pick(Fields, kept), [.. Rows.Select(row => Pick(row, kept))]);

    private int IndexOf(string field) => Fields.Index().First(pair => pair.Item == field).Index;

    private static T[] Pick<T>(IReadOnlyList<T> from, int[] indexes) => Array.ConvertAll(indexes, index => from[index]);
}
