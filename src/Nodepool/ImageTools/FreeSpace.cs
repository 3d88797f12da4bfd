using Nodepool.Core.Images;

namespace Nodepool.ImageTools;

/// <summary>Room on disks.</summary>
internal static class FreeSpace
{
    /// <summary>What the system says when a disk is full.</summary>
    public const string FullDisk = "No space left on device";

    /// <summary>Free space of the file system that holds a directory, in MB that this user may fill.</summary>
    public static long Megabytes(string directory) => new DriveInfo(directory).AvailableFreeSpace / 1_000_000;

    /// <summary>Refuses a build that would fill the disk.</summary>
    /// <exception cref="ImageBuildException">There is less room than needed.</exception>
    public static void Require(string directory, long megabytes)
    {
        var free = Megabytes(directory);
        if (free < megabytes)
            throw new ImageBuildException(
                $"not enough disk space: the build needs about {megabytes} MB in {directory}, which has {free} MB free; delete old images there or set images-dir to a larger disk");
    }
}
