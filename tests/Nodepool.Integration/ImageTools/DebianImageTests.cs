using System.Formats.Tar;

namespace Nodepool.Integration.ImageTools;

public sealed class DebianImageTests(DebianImage image)
{
    [Fact]
    public async Task Image_ForLocalNodes_HasWhatTheyNeedAndNoIdentity()
    {
        var files = await image.GetAsync(TestContext.Current.CancellationToken);

        var entries = new Dictionary<string, TarEntry>();
        using (var reader = new TarReader(File.OpenRead(files["tar"])))
        {
            while (reader.GetNextEntry() is { } entry)
            {
                entries[entry.Name.TrimEnd('/')] = entry;
            }
        }

        Assert.Contains(entries.Keys, name => name.StartsWith("./boot/vmlinuz-", StringComparison.Ordinal));
        Assert.Contains("./usr/sbin/sshd", entries.Keys);
        Assert.Equal((1000, 1000), (entries["./home/zuul"].Uid, entries["./home/zuul"].Gid));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, entries["./etc/sudoers.d/zuul"].Mode);
        Assert.DoesNotContain(entries.Keys, name => name.StartsWith("./etc/ssh/ssh_host_", StringComparison.Ordinal));
        Assert.Equal(0, entries["./etc/machine-id"].Length);
        Assert.Equal("/dev/null", entries["./etc/systemd/system/systemd-logind.service"].LinkName);
        Assert.Contains("./etc/systemd/system/sysinit.target.wants/ssh.service", entries.Keys);
    }
}
