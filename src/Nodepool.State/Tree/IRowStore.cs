namespace Nodepool.State.Tree;

/// <summary>Where rows are kept: all that differs between the embedded engines. Knows no rule of the tree.</summary>
internal interface IRowStore
{
    /// <summary>The row at <paramref name="path"/>, or null.</summary>
    Row? Find(string path);

    /// <summary>Adds a row that does not exist.</summary>
    void Insert(Row row);

    /// <summary>Replaces a row that exists.</summary>
    void Update(Row row);

    /// <summary>Replaces only the two counters of a row that exists.</summary>
    void UpdateCounters(Row row);

    /// <summary>Removes a row that exists.</summary>
    void Delete(Row row);
}
