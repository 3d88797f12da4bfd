using Nodepool.Core.Collections;
using Nodepool.Core.Providers;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local.Containers;

/// <summary>Lays out the instance directory of a container and orders its first process.</summary>
internal static class ContainerStart
{
    private const string Sshd = "usr/sbin/sshd";

    /// <summary>Writes everything that the script needs. The directory holds nothing of an earlier start.</summary>
    /// <exception cref="ProviderException">Rejected: the image or the seed cannot be used.</exception>
    public static void LayOut(MachineSpec spec)
    {
        var files = new ContainerFiles(spec.Directory);
        if (!File.Exists(Path.Combine(spec.Image.Tree, Sshd)))
        {
            throw new ProviderException(
                ProviderFault.Rejected,
                $"the image in {spec.Image.Directory} has no /{Sshd}: a node could not be reached; add the package openssh-server to the image");
        }

        File.CreateSymbolicLink(files.Lower, spec.Image.Tree);
        foreach (var directory in (string[])[files.Upper, files.Work, files.Merged])
        {
            SeedLayer.MakeDirectory(directory);
        }

        SeedLayer.Write(spec.Seed, spec.Image.Tree, files.Upper);
        File.WriteAllText(files.Script, ContainerScript.Text);
    }

    /// <summary>The first process: it records itself, joins the groups and becomes unshare(1).</summary>
    public static ProcessOrder Order(MachineSpec spec, bool asRoot, ValueList<string> groups)
    {
        var files = new ContainerFiles(spec.Directory);
        return new ProcessOrder
        {
            Program = "sh",
            Arguments =
            [
                files.Script, "start", spec.Directory, spec.Hostname, spec.Address,
                spec.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), asRoot ? "root" : "user", .. groups,
            ],
            LogPath = files.Console,
        };
    }
}
