using System.Text.RegularExpressions;
using Nodepool.Core;
using Nodepool.Providers.Processes;

namespace Nodepool.Providers.Local;

/// <summary>Makes ed25519 key pairs with <c>ssh-keygen</c>: .NET has no such keys.</summary>
internal sealed partial class NodeKeys(LocalPaths paths, LocalPrograms programs, Sources sources)
{
    /// <summary>Name of a node's private host key in its instance directory.</summary>
    public const string HostKeyFile = "ssh_host_ed25519_key";

    /// <summary>Makes the operator's key pair if there is none.</summary>
    /// <returns>The public key's line.</returns>
    public async ValueTask<string> OperatorKeyAsync(CancellationToken ct)
    {
        using var held = await FileLock.AcquireAsync(Path.Combine(paths.Locks, "ssh"), sources.Time, ct);
        Directory.CreateDirectory(
            Path.GetDirectoryName(paths.OperatorKey)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await EnsureAsync(paths.OperatorKey, "nodepool-operator", ct);
    }

    /// <summary>Makes the host key of an instance if it has none; made anew it would no longer be the one that was reported.</summary>
    /// <returns>The public key's line.</returns>
    public ValueTask<string> HostKeyAsync(string instanceDirectory, string hostname, CancellationToken ct) =>
        EnsureAsync(Path.Combine(instanceDirectory, HostKeyFile), hostname, ct);

    /// <summary><c>type base64</c> of a public key's line.</summary>
    public static string WithoutComment(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2));

    private async ValueTask<string> EnsureAsync(string path, string comment, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            // The ssh-keygen of a caller that was killed may still be at work: a name of its own for each keeps them apart.
            var fresh = $"{path}.{sources.Ids.NewId()}";
            var order = new ProcessOrder { Program = programs.SshKeygen, Arguments = ["-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", fresh] };
            var outcome = await ChildProcess.RunAsync(order, sources.Time, ct);
            if (outcome.ExitCode != 0)
                throw LocalFaults.Failed($"Making the ssh key {path} with {programs.SshKeygen}", Path.GetDirectoryName(path)!, outcome);
            // The private half last: where it is, the public one is too.
            File.Move(fresh + ".pub", path + ".pub", overwrite: true);
            File.Move(fresh, path);
        }

        RemoveLeftovers(path);
        return (await File.ReadAllTextAsync(path + ".pub", ct)).Trim();
    }

    /// <summary>What the ssh-keygen of a caller that was killed has made: half a key pair or a whole one that nobody uses.</summary>
    private static void RemoveLeftovers(string path)
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*").Where(file => Leftover().IsMatch(file)))
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"\.[0-9a-f]{32}(\.pub)?$")]
    private static partial Regex Leftover();
}
