namespace Nodepool.Lists;

/// <summary>A column of a list of <typeparamref name="TRow"/>.</summary>
/// <param name="Title">Its head in tables.</param>
/// <param name="Field">Its name in JSON and in the <c>fields</c> parameter of the web lists.</param>
/// <param name="Cell">Its value for a row at a moment (Unix seconds).</param>
internal sealed record ListColumn<TRow>(string Title, string Field, Func<TRow, double, ListCell> Cell)
{
    /// <summary>A column whose value does not depend on the time.</summary>
    public static ListColumn<TRow> Of(string title, string field, Func<TRow, ListCell> cell) => new(title, field, (row, _) => cell(row));
}
