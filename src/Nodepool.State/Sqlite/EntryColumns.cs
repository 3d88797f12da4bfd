using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Sqlite;

/// <summary>The columns of an entry as every query here lists them, and how an entry is made of them.</summary>
internal static class EntryColumns
{
    /// <summary>The columns, of table <c>e</c>.</summary>
    public const string List = "e.version, e.created_position, e.modified_position, e.created_ms, e.modified_ms, e.owner, e.data";

    /// <summary>Binds the parent and name of a path to two neighbouring parameters.</summary>
    public static Statement BindPath(this Statement statement, int parameter, string path)
    {
        if (path == TreePath.Root)
        {
            return statement.Bind(parameter, "").Bind(parameter + 1, "");
        }

        var slash = path.LastIndexOf('/');
        return statement.Bind(parameter, slash == 0 ? TreePath.Root : path.AsSpan(0, slash)).Bind(parameter + 1, path.AsSpan(slash + 1));
    }

    /// <summary>The path of a row's parent and name.</summary>
    public static string PathOf(string parent, string name) => parent.Length == 0 ? TreePath.Root : TreePath.Join(parent, name);

    /// <summary>Reads an entry whose columns begin at <paramref name="column"/>.</summary>
    public static Entry Read(Statement row, int column, string path) => new(
        path,
        row.Blob(column + 6),
        (int)row.Int64(column),
        row.Int64(column + 1),
        row.Int64(column + 2),
        row.Int64(column + 3),
        row.Int64(column + 4),
        row.Int64(column + 5));
}
