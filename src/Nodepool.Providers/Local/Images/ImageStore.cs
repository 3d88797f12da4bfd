using Nodepool.Core.Images;
using Nodepool.Core.Providers;
using Nodepool.Providers.Local.Instances;

namespace Nodepool.Providers.Local.Images;

/// <summary>The images of a provider: a directory each.</summary>
internal sealed class ImageStore(LocalPaths paths, InstanceStore instances, ImageImport import, TimeProvider time)
{
    /// <summary>Imports a build. An image of that name that is there already is kept: names are unique for the upload.</summary>
    public async ValueTask<string> ImportAsync(ImageUploadOrder order, IProgress<double> progress, CancellationToken ct)
    {
        var name = order.ExternalName;
        if (!LocalPaths.IsPlain(name))
            throw new ProviderException(ProviderFault.Rejected, $"'{name}' cannot be the name of a directory; use letters, digits, '.', '-' and '_' in the diskimage's name");
        Directory.CreateDirectory(paths.Images);
        using var held = await LockAsync(name, ct);
        await SweepAsync(name, ct);
        if (ImageRecord.Read(paths.Image(name).Directory) is null)
        {
            var part = new LocalImage(Path.Combine(paths.Images, PartName(name)));
            try
            {
                await import.RunAsync(order, part, progress, ct);
                Directory.Move(part.Directory, paths.Image(name).Directory);
            }
            catch
            {
                // What failed or was cancelled leaves no half image; after a kill -9 the sweep of the next import finds it.
                await FileTrees.RemoveAsync([part.Directory], time, CancellationToken.None);
                throw;
            }
        }

        progress.Report(1);
        return name;
    }

    /// <summary>
    /// The name of an image whose import was done when its process ended; null when there is none. An import moves an image to its place when it is
    /// whole, so what is there is of that upload, or of another that had the same name.
    /// </summary>
    public async ValueTask<string?> RecoverAsync(ImageUploadOrder order, CancellationToken ct)
    {
        var name = order.ExternalName;
        if (!LocalPaths.IsPlain(name) || !Directory.Exists(paths.Images))
            return null;
        using var held = await LockAsync(name, ct);
        await SweepAsync(name, ct);
        return ImageRecord.Read(paths.Image(name).Directory) is { } record && order.Metadata.All(pair => record.Metadata.GetValueOrDefault(pair.Key) == pair.Value) ? name : null;
    }

    /// <summary>Deletes an image unless an instance stands on it.</summary>
    /// <exception cref="ProviderException"><see cref="ProviderFault.Unavailable"/> while it is in use.</exception>
    public async ValueTask DeleteAsync(string name, CancellationToken ct)
    {
        if (!LocalPaths.IsPlain(name) || !Directory.Exists(paths.Image(name).Directory))
            return;
        using var held = await LockAsync(name, ct);
        var gone = Path.Combine(paths.Images, GoneName(name));
        // Instances are made under this lock too: none can appear between the look and the move.
        using (await instances.LockAllAsync(ct))
        {
            if (instances.List().FirstOrDefault(each => each.Record?.Image == name) is { Token: { } user })
                throw new ProviderException(ProviderFault.Unavailable, $"the image {name} is in use by the instance {user}; it is deleted after that");
            await FileTrees.RemoveAsync([gone], time, ct);
            if (Directory.Exists(paths.Image(name).Directory))
                Directory.Move(paths.Image(name).Directory, gone);
        }

        await FileTrees.RemoveAsync([gone], time, ct);
    }

    /// <summary>The image and its record, or null. Call it under <see cref="InstanceStore.LockAllAsync"/> before an instance is made of it.</summary>
    public (LocalImage Image, ImageRecord Record)? Find(string? name) =>
        name is not null && LocalPaths.IsPlain(name) && ImageRecord.Read(paths.Image(name).Directory) is { } record ? (paths.Image(name), record) : null;

    /// <summary>Every image; the record is null where it cannot be read.</summary>
    public IEnumerable<(string Name, ImageRecord? Record)> List() =>
        Directory.Exists(paths.Images)
            ? from path in Directory.EnumerateDirectories(paths.Images)
              let name = Path.GetFileName(path)
              where LocalPaths.IsPlain(name)
              orderby name
              select (name, ImageRecord.Read(path))
            : [];

    private static string PartName(string name) => ".part-" + name;

    private static string GoneName(string name) => ".gone-" + name;

    private ValueTask<FileLock> LockAsync(string name, CancellationToken ct) => FileLock.AcquireAsync(LockPath(name), time, ct);

    private string LockPath(string name) => FileLock.PathFor(paths, "image", name);

    /// <summary>Removes what interrupted imports and deletions left. Whose lock is taken is at work.</summary>
    private async ValueTask SweepAsync(string own, CancellationToken ct)
    {
        foreach (var path in Directory.EnumerateDirectories(paths.Images, ".*").ToList())
        {
            var name = Path.GetFileName(path);
            var image = name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..];
            using var idle = LockPath(image) == LockPath(own) ? null : FileLock.TryAcquire(LockPath(image));
            if (idle is not null || image == own)
                await FileTrees.RemoveAsync([path], time, ct);
        }
    }
}
