using System.Diagnostics.CodeAnalysis;

namespace Nodepool.State.Tree;

/// <summary>
/// Rules for paths: absolute, separated by slashes, no empty, <c>.</c> or <c>..</c> component and no character that ZooKeeper
/// refuses. Without surrogates, the order of UTF-8 bytes and the ordinal order of .NET strings are the same.
/// </summary>
internal static class TreePath
{
    public const string Root = "/";

    /// <summary>Throws when <paramref name="path"/> is not the path of an entry that may exist.</summary>
    public static void Require(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path != Root && !IsWellFormed(path))
        {
            Refuse(path);
        }
    }

    /// <summary>Throws unless <paramref name="prefix"/> may begin the name of a sequential entry; it may end with a slash.</summary>
    public static void RequirePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        if (prefix != Root && !IsWellFormed(prefix.EndsWith('/') ? prefix + "0" : prefix))
        {
            Refuse(prefix);
        }
    }

    /// <summary>The path of the entry above; not defined for the root.</summary>
    public static string ParentOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? Root : path[..slash];
    }

    /// <summary>The last component.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The path of a child.</summary>
    public static string Join(string parent, string name) => parent == Root ? Root + name : $"{parent}/{name}";

    /// <summary>Whether <paramref name="path"/> is <paramref name="root"/> or lies below it.</summary>
    public static bool IsAtOrBelow(string path, string root) =>
        root.Length == 1
        || (path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || path[root.Length] == '/'));

    private static bool IsWellFormed(string path)
    {
        if (path.Length < 2 || path[0] != '/' || path[^1] == '/' || path.Contains("//", StringComparison.Ordinal))
        {
            return false;
        }

        var text = path.AsSpan();
        return (text.IndexOfAnyExceptInRange(' ', '~') < 0 || !HasRefusedCharacter(text))
            && (text.IndexOf("/.") < 0 || !HasDotComponent(path));
    }

    private static bool HasRefusedCharacter(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is <= '\u001f' or (>= '\u007f' and <= '\u009f') or (>= '\ud800' and <= '\uf8ff') or >= '\ufff0')
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasDotComponent(string path) => path.Split('/').Any(part => part is "." or "..");

    [DoesNotReturn]
    private static void Refuse(string path) =>
        throw new ArgumentException($"\"{path}\" is not a path: absolute, no trailing slash, no empty or dot component, no control character.", nameof(path));
}
