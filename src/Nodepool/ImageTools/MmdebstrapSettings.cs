using System.Runtime.InteropServices;
using Nodepool.Core.Collections;

namespace Nodepool.ImageTools;

/// <summary>What the mmdebstrap tool builds with; the defaults make the image for the driver <c>local</c>.</summary>
internal sealed record MmdebstrapSettings
{
    /// <summary>What every image has: a kernel, systemd as init, sshd; busybox for the initial memory disk of virtual machines.</summary>
    /// <remarks>tiny-initramfs satisfies the kernel's wish for an initramfs tool without building one, which would cost ten seconds.</remarks>
    public ValueList<string> Packages { get; init; } =
    [
        "linux-image-cloud-" + DebianArchitecture, "tiny-initramfs", "systemd-sysv", "systemd", "udev", "dbus", "openssh-server",
        "busybox-static", "sudo", "iproute2", "ca-certificates",
    ];

    /// <summary>mmdebstrap's <c>--variant</c>.</summary>
    public string Variant { get; init; } = "apt";

    /// <summary>Shell script that prepares the tree (first argument) as the last step; the login user's name is in NODEPOOL_USERNAME.</summary>
    public string CustomizeScript { get; init; } = ReadResource("customize.sh");

    /// <summary>Where apt's sources are.</summary>
    public string AptDirectory { get; init; } = "/etc/apt";

    /// <summary>Where the machine's own release is named.</summary>
    public string OsReleaseFile { get; init; } = "/etc/os-release";

    /// <summary>Room without which a build is not begun of which no earlier one tells how much it takes, in MB: a build with all formats took 1,270 at its peak.</summary>
    public long RequiredMegabytes { get; init; } = 1500;

    private static string DebianArchitecture => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    private static string ReadResource(string name)
    {
        using var stream = typeof(MmdebstrapSettings).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
