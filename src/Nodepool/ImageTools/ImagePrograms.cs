using Nodepool.Core.Images;
using Nodepool.Providers.Processes;

namespace Nodepool.ImageTools;

/// <summary>Programs that a build needs.</summary>
internal static class ImagePrograms
{
    /// <summary>Names all that are missing at once, with the line that installs them.</summary>
    /// <exception cref="ImageBuildException">One is missing.</exception>
    public static void Require(IEnumerable<string> programs, string? searchPath = null)
    {
        var missing = programs.Where(program => Programs.Find(program, searchPath) is null).ToList();
        if (missing.Count == 0)
            return;
        var packages = missing.Select(Programs.PackageOf).OfType<string>().Distinct().ToList();
        throw new ImageBuildException(
            $"not installed: {string.Join(", ", missing)}; "
            + (packages.Count == 0 ? "correct the path or install it" : $"install with: apt-get install --no-install-recommends {string.Join(' ', packages)}"));
    }
}
