namespace Nodepool.Providers.Local.Instances;

/// <summary>The instances of a provider: a directory each, with a record in it. Nothing else remembers them.</summary>
internal sealed class InstanceStore(LocalPaths paths, TimeProvider time)
{
    private const string RecordFile = "instance.json";

    // Directories that become instances by renaming, so that no instance is ever without its record.
    private const string FreshPrefix = ".new-";

    /// <summary>Held while an address is chosen, and while images come and go under the instances.</summary>
    public ValueTask<FileLock> LockAllAsync(CancellationToken ct) => FileLock.AcquireAsync(Path.Combine(paths.Locks, "instances"), time, ct);

    /// <summary>Held while something is started or removed under a token.</summary>
    public ValueTask<FileLock> LockAsync(string token, CancellationToken ct) => FileLock.AcquireAsync(FileLock.PathFor(paths, "instance", token), time, ct);

    /// <summary>Whether anything is there under a token, with or without a record.</summary>
    public bool Exists(string token) => LocalPaths.IsPlain(token) && Directory.Exists(paths.Instance(token));

    /// <summary>The record, or null when there is no (readable) one.</summary>
    public InstanceRecord? Read(string token)
    {
        if (!LocalPaths.IsPlain(token))
            return null;
        try
        {
            // A record that speaks of another instance was copied by somebody: following it would touch that other one.
            return InstanceRecord.Parse(File.ReadAllBytes(RecordPath(token))) is { } record && record.Token == token ? record : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Every instance; the record is null where it cannot be read.</summary>
    public IEnumerable<(string Token, InstanceRecord? Record)> List()
    {
        if (!Directory.Exists(paths.Instances))
            yield break;
        foreach (var token in Directory.EnumerateDirectories(paths.Instances).Select(path => Path.GetFileName(path)!).Where(LocalPaths.IsPlain).Order(StringComparer.Ordinal))
        {
            yield return (token, Read(token));
        }
    }

    /// <summary>Makes the directory of a new instance. Call it under <see cref="LockAllAsync"/>.</summary>
    public void Create(InstanceRecord record)
    {
        SweepFresh();
        var fresh = Path.Combine(paths.Instances, FreshPrefix + record.Token);
        Directory.CreateDirectory(fresh);
        AtomicFile.Write(Path.Combine(fresh, RecordFile), record.ToUtf8());
        Directory.Move(fresh, paths.Instance(record.Token));
    }

    /// <summary>Replaces the record.</summary>
    public void Write(InstanceRecord record) => AtomicFile.Write(RecordPath(record.Token), record.ToUtf8());

    /// <summary>Removes what is under a token; its machine must be stopped. The record goes last: until then the rest is found by it.</summary>
    public async ValueTask RemoveAsync(string token, CancellationToken ct)
    {
        var directory = paths.Instance(token);
        if (!Directory.Exists(directory))
            return;
        var others = Directory.EnumerateFileSystemEntries(directory).Where(path => Path.GetFileName(path) != RecordFile).ToList();
        await FileTrees.RemoveAsync(others, time, ct);
        await FileTrees.RemoveAsync([directory], time, ct);
    }

    private string RecordPath(string token) => Path.Combine(paths.Instance(token), RecordFile);

    private void SweepFresh()
    {
        Directory.CreateDirectory(paths.Instances);
        foreach (var left in Directory.EnumerateDirectories(paths.Instances, FreshPrefix + "*"))
        {
            Directory.Delete(left, recursive: true);
        }
    }
}
