using Nodepool.Core.Collections;
using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>The command line and environment of diskimage-builder, as operators know them from Nodepool.</summary>
internal static class DibCommand
{
    /// <summary>What comes after the program: the rest of <c>dib-cmd</c>, options, elements.</summary>
    public static ValueList<string> Arguments(ImageBuildOrder order) =>
    [
        .. order.Image.DibCommand.Skip(1),
        "-x",
        "-t", string.Join(',', order.Formats),
        "--checksum",
        "--no-tmpfs",
        .. order.Formats.Contains("qcow2") ? (string[])["--qemu-img-options", "compat=0.10"] : [],
        "-o", order.OutputPath,
        .. order.Image.Elements,
    ];

    /// <summary>Variables beside those of this process; <c>env-vars</c> may override all.</summary>
    /// <param name="order">The build.</param>
    /// <param name="scratch">Directory for its temporary trees, so that they go with the build.</param>
    public static ValueMap<string> Environment(ImageBuildOrder order, string scratch)
    {
        var all = new List<KeyValuePair<string, string>>
        {
            new("TMP_DIR", scratch),
            new("DIB_IMAGE_NAME", order.Image.Name),
            new("DIB_IMAGE_FILENAME", order.OutputPath),
        };
        if (order.Image.Release.Length > 0)
            all.Add(new("DIB_RELEASE", order.Image.Release));
        if (order.ElementsDir is { } elements)
            all.Add(new("ELEMENTS_PATH", elements));
        return new ValueMap<string>([.. all, .. order.Image.EnvVars]);
    }
}
