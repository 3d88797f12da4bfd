using System.Text;

namespace Nodepool.Core.Config.Reading;

/// <summary>Names that occur twice, and names that cannot be stored.</summary>
internal static class NameChecks
{
    // A path in the store and a part of file names; the rest of a file name needs some room.
    private const int MostBytes = 200;

    public static void Run(ConfigMap root)
    {
        // Of several labels the last counts, as in Python: there is little in them that could be lost.
        Check("label", root.Maps("labels"), isPathPart: false, mayRepeat: true);
        Check("diskimage", root.Maps("diskimages"), isPathPart: true);
        Check("provider", root.Maps("providers"), isPathPart: true);
        foreach (var provider in root.Maps("providers"))
        {
            Check("pool", provider.Maps("pools"), isPathPart: true);
        }
    }

    private static void Check(string kind, IReadOnlyList<ConfigMap> sections, bool isPathPart, bool mayRepeat = false)
    {
        var first = new Dictionary<string, ConfigMap>(StringComparer.Ordinal);
        foreach (var section in sections)
        {
            if (section.Text("name") is not { } name)
            {
                continue;
            }

            if (!first.TryAdd(name, section) && !mayRepeat)
            {
                section.Error("name", $"the {kind} {Wording.Quote(name)} exists already, see line {first[name].PlaceOf("name").Line}; rename or remove one");
            }

            if (Trouble(name, isPathPart) is { } trouble)
            {
                section.Error("name", $"the name of a {kind} {trouble}");
            }
        }
    }

    private static string? Trouble(string name, bool isPathPart) => name switch
    {
        "" => "cannot be empty",
        _ when name.Any(char.IsControl) => "cannot contain control characters or line ends",
        _ when Encoding.UTF8.GetByteCount(name) > MostBytes => $"can have {MostBytes} bytes at most",
        "." or ".." when isPathPart => $"cannot be {name}",
        _ when isPathPart && name.Contains('/') => "cannot contain '/'",
        _ => null,
    };
}
