using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Nodepool.Integration.ImageTools;
using Nodepool.Integration.Processes;
using Nodepool.Providers.Local;
using Nodepool.Providers.Local.Machines;

namespace Nodepool.Integration.Providers.Local;

/// <summary>The timed trial boot. Which of its ends this host's KVM takes is not for a test to know, so QEMU is wrapped.</summary>
public sealed class KvmTrialTests(DebianImage built, ImportedImage imported) : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Runs => _scratch.File("runs");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Trial_OfAGuestThatReachesUserSpace_ChoosesKvm()
    {
        // Emulation in place of a KVM that works: only what the guest does counts.
        var image = new LocalImage(await imported.GetAsync(built, Ct));
        using var trial = Trial("exec qemu-system-x86_64 -M q35 -accel tcg -m 128 -nodefaults -display none -no-reboot -kernel \"$K\" -initrd \"$I\" -append 'console=ttyS0 quiet panic=-1 node.trial' -serial \"$S\"", image, limit: TimeSpan.FromMinutes(2));

        var processor = await trial.ProcessorAsync(image, Ct);

        var verdict = KvmVerdict.Read(new LocalPaths(_scratch.Root).KvmTrial)!;
        Assert.True(processor == VmProcessor.Kvm, verdict.Reason);
        Assert.True(verdict.Works);
    }

    [Fact]
    public async Task Trial_OfAGuestThatHangs_ChoosesEmulationAndIsNotRepeatedInThisBoot()
    {
        // What a hanging guest shows: kernel messages, then nothing.
        var image = new LocalImage("/no/image");
        using (var trial = Trial("echo 'tsc: Detected 2000 MHz' >\"${S#file:}\"; exec sleep 600", image))
        {
            Assert.Equal(VmProcessor.Emulated, await trial.ProcessorAsync(image, Ct));
            Assert.Equal(VmProcessor.Emulated, await trial.ProcessorAsync(image, Ct));
        }

        using var next = Trial("exit 3", image);
        Assert.Equal(VmProcessor.Emulated, await next.ProcessorAsync(image, Ct));

        Assert.Equal(1, File.ReadAllText(Runs).Length);
        Assert.Contains("hung", KvmVerdict.Read(new LocalPaths(_scratch.Root).KvmTrial)!.Reason, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_scratch.Root, "*.console"));
    }

    [Fact]
    public async Task Trial_ThatFailsAtOnce_TellsWhatQemuSaid()
    {
        var image = new LocalImage("/no/image");
        using var trial = Trial("echo 'failed to set MSR 0x10a' >&2; exit 134", image);

        Assert.Equal(VmProcessor.Emulated, await trial.ProcessorAsync(image, Ct));

        Assert.Contains("exit status 134, failed to set MSR 0x10a", KvmVerdict.Read(new LocalPaths(_scratch.Root).KvmTrial)!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trial_OfAnotherQemu_IsMadeAnew()
    {
        var image = new LocalImage("/no/image");
        using (var trial = Trial("exit 3", image))
        {
            await trial.ProcessorAsync(image, Ct);
        }

        using var next = Trial("exit 4", image, version: "QEMU emulator version 99");
        await next.ProcessorAsync(image, Ct);

        Assert.Equal(2, File.ReadAllText(Runs).Length);
    }

    [Fact]
    public async Task Processor_OfAHostWithoutTheDevice_IsEmulatedWithoutATrial()
    {
        using var trial = Trial("exit 3", new LocalImage("/no/image"), device: "/dev/no-kvm");

        Assert.Equal(VmProcessor.Emulated, await trial.ProcessorAsync(new LocalImage("/no/image"), Ct));

        Assert.False(File.Exists(Runs));
    }

    /// <summary>A trial with a QEMU that tells a version, notes each run and then does as the script says; S, K and I are its serial line, kernel and initrd.</summary>
    private KvmTrial Trial(string script, LocalImage image, string version = "QEMU emulator version 7", string? device = null, TimeSpan? limit = null)
    {
        var qemu = _scratch.File(string.Create(CultureInfo.InvariantCulture, $"qemu-{version.GetHashCode(StringComparison.Ordinal):x}-{script.Length}"));
        File.WriteAllText(
            qemu,
            $"""
            #!/bin/sh
            [ "$1" = --version ] && echo '{version}' && exit 0
            printf x >>'{Runs}'
            while [ $# -gt 0 ]; do case $1 in -serial) S=$2;; -accel) [ "$2" = kvm ] || exit 99;; esac; shift; done
            K='{image.Kernel}' I='{image.Initrd}'
            {script}

            """);
        File.SetUnixFileMode(qemu, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var programs = new LocalPrograms { Qemu = qemu, KvmDevice = device ?? "/dev/null" };
        return new KvmTrial(new LocalPaths(_scratch.Root), programs, TimeProvider.System, NullLogger.Instance, limit ?? TimeSpan.FromSeconds(2));
    }
}
