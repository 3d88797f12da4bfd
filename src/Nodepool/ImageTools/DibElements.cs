using Nodepool.Core.Images;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>Says which element a script comes from: diskimage-builder mixes the scripts of all elements and forgets that.</summary>
internal static class DibElements
{
    private const string Own = "diskimage_builder/elements";

    /// <summary><c>element NAME, HOOK/SCRIPT</c>; without the element when none or several have that script.</summary>
    public static string Describe(ImageBuildOrder order, string script)
    {
        var owners = SearchPath(order)
            .Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories)
            .Where(element => File.Exists(Path.Combine(element, script)))
            .Select(element => Path.GetFileName(element)).Distinct(StringComparer.Ordinal).ToArray();
        var named = owners.Where(owner => order.Image.Elements.Contains(owner)).ToArray();
        return (owners, named) switch
        {
            ([var only], _) => $"element {only}, {script}",
            (_, [var wanted]) => $"element {wanted}, {script}",
            _ => script,
        };
    }

    /// <summary>The operator's directories and those that come with the program, installed by a package or in an environment of its own.</summary>
    private static IEnumerable<string> SearchPath(ImageBuildOrder order)
    {
        var configured = order.Image.EnvVars.GetValueOrDefault("ELEMENTS_PATH") ?? order.ElementsDir ?? "";
        var program = Programs.Find(order.Image.DibCommand[0], order.Image.EnvVars.GetValueOrDefault("PATH"));
        var library = program is null ? null : Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(program)) ?? "/", "lib");
        var shipped = library is null || !Directory.Exists(library)
            ? []
            : Directory.EnumerateDirectories(library, "python3*").SelectMany(python => (string[])[Path.Combine(python, "dist-packages", Own), Path.Combine(python, "site-packages", Own)]);
        return [.. configured.Split(':', StringSplitOptions.RemoveEmptyEntries), .. shipped];
    }
}
