using Nodepool.Core.Config;

namespace Nodepool.Cli.Arguments;

/// <summary>Names of images on the command line.</summary>
internal static class ImageNames
{
    /// <summary>The diskimage of that name.</summary>
    /// <exception cref="CliException">There is none; the message names those that there are.</exception>
    public static DiskImageConfig Require(CliCall call, string name)
    {
        var config = call.Config();
        if (config.FindDiskImage(name) is { IsAbstract: false } image)
        {
            return image;
        }

        var known = config.DiskImages.Where(one => !one.IsAbstract).Select(one => one.Name).ToList();
        throw new CliException($"no diskimage '{name}' in {call.ConfigFile}{(known.Count == 0 ? "" : $"; it has {string.Join(", ", known)}")}");
    }
}
