using Nodepool.Core.Config;
using Nodepool.Core.Images;
using Nodepool.ImageTools;
using Nodepool.Providers.Processes;

namespace Nodepool.Tests.ImageTools;

/// <summary>What diskimage-builder 3.13 writes when a build fails, shortened, and what is made of it.</summary>
public sealed class DibFailureTests
{
    // After each failure the clean-up traces itself for a hundred lines: the last ones are all that the end of the output shows.
    private const string CleanUp = """
        2026-01-05 10:11:13.184 | + /usr/lib/python3/dist-packages/diskimage_builder/lib/img-functions:run_in_target:1 :   trap_cleanup
        2026-01-05 10:11:13.185 | + /usr/lib/python3/dist-packages/diskimage_builder/lib/img-functions:trap_cleanup:36 :   exitval=1
        2026-01-05 10:11:13.187 | + /usr/lib/python3/dist-packages/diskimage_builder/lib/img-functions:trap_cleanup:37 :   cleanup
        2026-01-05 10:11:13.222 | + /usr/lib/python3/dist-packages/diskimage_builder/lib/common-functions:unmount_dir:442 :   mnts='/i/dib_build.X/mnt/sys
        2026-01-05 10:11:13.222 | /i/dib_build.X/mnt/dev'
        2026-01-05 10:11:13.231 | Unmount /i/dib_build.X/mnt/sys
        2026-01-05 10:11:14.013 | INFO diskimage_builder.block_device.blockdevice [-] State already cleaned - no way to do anything here
        2026-01-05 10:11:14.853 | + /usr/lib/python3/dist-packages/diskimage_builder/lib/img-functions:trap_cleanup:38 :   exit 1
        """;

    private const string Script = """
        2026-01-05 10:11:12.964 | dib-run-parts 09-apt-keyring completed
        2026-01-05 10:11:13.160 | dib-run-parts Sourcing environment file /tmp/in_target.d/pre-install.d/../environment.d/50-devuser
        2026-01-05 10:11:13.161 | + source /tmp/in_target.d/pre-install.d/../environment.d/50-devuser
        2026-01-05 10:11:13.161 | ++ export DIB_DEV_USER_USERNAME=zuul
        2026-01-05 10:11:13.161 | dib-run-parts Running /tmp/in_target.d/pre-install.d/00-key
        2026-01-05 10:11:13.163 | + set -eu
        2026-01-05 10:11:13.163 | the key of the vendor is missing
        2026-01-05 10:11:13.164 | touch: cannot touch '/nowhere/x': No such file or directory
        2026-01-05 10:11:13.183 | + /usr/lib/python3/dist-packages/diskimage_builder/lib/img-functions:run_d_in_target:1 :   check_break after-error run_in_target bash
        """;

    private const string Package = """
        2026-01-05 10:11:12.739 | dib-run-parts Running /tmp/in_target.d/install.d/01-package-installs
        2026-01-05 10:11:12.739 | Running command: ['install-packages', 'adduser', 'nonesuch']
        2026-01-05 10:11:12.742 | > + apt-get --option Dpkg::Options::=--force-confold --assume-yes install adduser nonesuch
        2026-01-05 10:11:12.753 | > Reading package lists...
        2026-01-05 10:11:12.853 | > E: Can not write log (Is /dev/pts mounted?) - posix_openpt (19: No such device)
        2026-01-05 10:11:12.854 | > E: Unable to locate package nonesuch
        2026-01-05 10:11:12.854 | returncode: 100
        2026-01-05 10:11:12.854 | install-packages failed with returncode 100
        """;

    private const string Mirror = """
        2026-01-05 10:11:11.623 | dib-run-parts Running /i/dib_build.X/hooks/root.d/08-debootstrap
        2026-01-05 10:11:11.632 | + sudo sh -c 'http_proxy= no_proxy= debootstrap --verbose         --variant=minbase bookworm /i/dib_build.X/mnt http://127.0.0.1:9/debian '
        2026-01-05 10:11:11.683 | I: Retrieving InRelease 
        2026-01-05 10:11:11.693 | E: Failed getting release file http://127.0.0.1:9/debian/dists/bookworm/Release
        """;

    private const string Element = """
        2026-01-05 10:11:11.542 | Building elements: base nosuch
        2026-01-05 10:11:11.575 | DEBUG diskimage_builder.element_dependencies [-] ELEMENTS_PATH is: /e _find_all_elements element_dependencies.py:209
        2026-01-05 10:11:11.580 | Traceback (most recent call last):
        2026-01-05 10:11:11.580 |   File "/usr/lib/python3/dist-packages/diskimage_builder/lib/element-info.py", line 7, in <module>
        2026-01-05 10:11:11.580 | diskimage_builder.element_dependencies.MissingElementException: Element 'nosuch' not found
        """;

    private const string Variable = """
        2026-01-05 10:11:11.600 | dib-run-parts Sourcing environment file /i/dib_build.X/hooks/root.d/../environment.d/99-dib-init-system
        2026-01-05 10:11:11.602 | ++ echo 'DIB_INIT_SYSTEM is not set! Can not continue'
        2026-01-05 10:11:11.602 | DIB_INIT_SYSTEM is not set! Can not continue
        2026-01-05 10:11:11.602 | ++ exit 1
        """;

    private const string Silent = """
        2026-01-05 10:11:11.373 | dib-run-parts Running /i/dib_build.X/hooks/root.d/01-silent
        2026-01-05 10:11:11.374 | + false
        """;

    private static readonly ImageBuildOrder Order =
        new(new DiskImageConfig { Name = "debian" }, ["tar"], "/i/debian-1", "/logs/debian-1.log", null);

    [Theory]
    [InlineData(Script, "pre-install.d/00-key", "touch: cannot touch '/nowhere/x': No such file or directory")]
    [InlineData(Package, "install.d/01-package-installs", "Unable to locate package nonesuch; correct the name, in 'packages' of this diskimage or in its elements")]
    [InlineData(Mirror, "root.d/08-debootstrap", "Failed getting release file http://127.0.0.1:9/debian/dists/bookworm/Release; check 'release' of this diskimage and the mirror, of /etc/apt or DIB_DISTRIBUTION_MIRROR")]
    [InlineData(Element, null, "diskimage_builder.element_dependencies.MissingElementException: Element 'nosuch' not found; correct 'elements' of this diskimage, or 'elements-dir'")]
    [InlineData(Variable, null, "DIB_INIT_SYSTEM is not set! Can not continue")]
    [InlineData(Silent, "root.d/01-silent", "+ false")]
    public void Failure_IsToldByWhatWasSaidBeforeTheCleanUp(string before, string? script, string reason)
    {
        var output = Read(before);
        var said = new ProcessOutcome(1, output.Said, "");

        Assert.Equal(script, output.Script);
        Assert.Equal($"dib failed with exit status 1: {reason}; the log is /logs/debian-1.log", BuildFault.Describe("dib", said, Order, "/tmp/x"));
    }

    [Fact]
    public void Said_IsOfTheScriptThatRan_WithoutTimesAndTracesOfTheProgram() =>
        Assert.Equal("+ set -eu\nthe key of the vendor is missing\ntouch: cannot touch '/nowhere/x': No such file or directory", Read(Script).Said);

    [Fact]
    public void Said_OfAScriptThatSaysMuch_IsItsEnd()
    {
        var output = new DibOutput();
        for (var line = 1; line <= 1000; line++)
        {
            output.PhaseOf($"2026-01-05 10:11:12.964 | line {line}");
        }

        Assert.EndsWith("\nline 1000", output.Said, StringComparison.Ordinal);
        Assert.Equal(40, output.Said.Split('\n').Length);
    }

    [Fact]
    public void Script_WhichFillsTheDisk_IsToldAsThat()
    {
        var output = Read("2026-01-05 10:11:12.964 | > dpkg: error: failed to write status database record: No space left on device");

        Assert.StartsWith("the disk of /tmp is full (", BuildFault.Describe("dib", new ProcessOutcome(1, output.Said, ""), Order, "/tmp/x"), StringComparison.Ordinal);
    }

    private static DibOutput Read(string before)
    {
        var output = new DibOutput();
        foreach (var line in before.Split('\n').Concat(CleanUp.Split('\n')))
        {
            output.PhaseOf(line);
        }

        return output;
    }
}
