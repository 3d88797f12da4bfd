using Nodepool.Core.Collections;

namespace Nodepool.ImageTools;

/// <summary>The command line of mmdebstrap. The sources go to its standard input.</summary>
internal static class MmdebstrapCommand
{
    private static readonly string[] LeftOutPaths = ["/usr/share/man/*", "/usr/share/locale/*", "/usr/share/doc/*"];

    /// <summary>Makes the arguments.</summary>
    /// <param name="settings">What to build with.</param>
    /// <param name="packages">Packages of the diskimage beyond the tool's.</param>
    /// <param name="aptOptions">How this machine reaches the mirror: <c>Name "value"</c>.</param>
    /// <param name="release">Code name.</param>
    /// <param name="hook">Executable file that is given the tree.</param>
    /// <param name="tar">Output.</param>
    /// <param name="isRoot">Whether it may mount and change owners by itself, or does so in a user namespace.</param>
    public static ValueList<string> Arguments(
        MmdebstrapSettings settings, ValueList<string> packages, ValueList<string> aptOptions, string release, string hook, string tar, bool isRoot) =>
    [
        isRoot ? "--mode=root" : "--mode=unshare",
        "--variant=" + settings.Variant,
        "--format=tar",
        "--include=" + string.Join(',', settings.Packages.Concat(packages).Distinct(StringComparer.Ordinal)),
        "--aptopt=APT::Install-Recommends \"false\"",
        "--aptopt=Acquire::Languages \"none\"",
        .. aptOptions.Select(option => "--aptopt=" + option),
        // Nothing is lost when the host dies in the middle: the build is repeated.
        "--dpkgopt=force-unsafe-io",
        .. LeftOutPaths.Select(path => "--dpkgopt=path-exclude=" + path),
        "--dpkgopt=path-include=/usr/share/doc/*/copyright",
        "--customize-hook=" + hook,
        release,
        tar,
        "-",
    ];

    /// <summary>What a line of mmdebstrap's output says about how far it is, in our words; null when it says nothing.</summary>
    public static string? PhaseOf(string line) => line switch
    {
        _ when line.StartsWith("I: running apt-get update", StringComparison.Ordinal) => "reading package lists",
        _ when line.StartsWith("I: downloading packages", StringComparison.Ordinal) => "downloading packages",
        _ when line.StartsWith("I: extracting archives", StringComparison.Ordinal) => "unpacking packages",
        _ when line.StartsWith("I: installing essential packages", StringComparison.Ordinal) => "installing the base system",
        _ when line.StartsWith("I: installing remaining packages", StringComparison.Ordinal) => "installing kernel, systemd and sshd",
        _ when line.StartsWith("I: running --customize-hook", StringComparison.Ordinal) => "preparing the image for nodes",
        _ when line.StartsWith("I: creating tarball", StringComparison.Ordinal) => "packing the tree",
        _ => null,
    };
}
