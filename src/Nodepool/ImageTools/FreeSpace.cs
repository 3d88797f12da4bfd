namespace Nodepool.ImageTools;

/// <summary>Room on disks.</summary>
internal static class FreeSpace
{
    /// <summary>What the system says when a disk is full.</summary>
    public const string FullDisk = "No space left on device";

    /// <summary>Free space of the file system that holds a directory, in MB that this user may fill.</summary>
    public static long Megabytes(string directory) => new DriveInfo(directory).AvailableFreeSpace / 1_000_000;
}
