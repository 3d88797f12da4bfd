namespace Nodepool.Core.Config.Reading.V2;

/// <summary>One element of <c>providers</c> of a v2 file; becomes a provider with one pool.</summary>
internal sealed class V2Provider
{
    private const string PoolName = "main";

    private static readonly string[] FirstKeys = ["name", "driver", "region-name"];

    private static readonly string[] OtherKeys =
    [
        "boot-timeout", "launch-timeout", "launch-retries", "max-concurrency", "priority", "rate", "image-upload-timeout", "port-cleanup-interval",
        "post-upload-hook", "clean-floating-ips", "nodepool-id",
    ];

    private readonly V2Notes _notes;
    private readonly OrderedDictionary<string, V2Image> _images = new(StringComparer.Ordinal);
    private readonly List<MappingDraft> _labels = [];

    public V2Provider(ConfigMap section, V2Notes notes, V2DiskImages diskImages)
    {
        (Section, _notes) = (section, notes);
        section.Ignore("max-servers");
        foreach (var image in section.Maps("images").Select(image => new V2Image(image, diskImages)))
        {
            // Python keeps the last of several; so does this, and the reader of diskimages warns.
            _images[image.Name] = image;
            if (image.IsOurs)
            {
                diskImages.Take(image);
            }
        }
    }

    public ConfigMap Section { get; }

    public string Name => Section.Text("name") ?? "";

    /// <summary>Adds a label to the pool.</summary>
    /// <param name="label">The element of <c>labels</c>.</param>
    /// <param name="reference">Its element of <c>providers</c> that names this one.</param>
    /// <returns>How many values that made; zero when this provider cannot serve it.</returns>
    public int Serve(ConfigMap label, ConfigMap reference)
    {
        if (label.Text("image") is not { } name || !_images.TryGetValue(name, out var image))
        {
            return 0;
        }

        var draft = new MappingDraft(_notes.Comments, reference);
        draft.Copy(label, "name");
        if (!image.IsOurs)
        {
            draft.Copy(label, "image", "cloud-image");
        }
        else if (image.DiskImageKey == "name")
        {
            draft.Copy(label, "image", "diskimage");
        }
        else
        {
            draft.Copy(image.Section, "diskimage");
        }

        draft.Copy(image.Section, "min-ram");
        draft.Copy(image.Section, "name-filter", "flavor-name");
        if (!draft.Copy(image.Section, "key-name"))
        {
            draft.Copy(Section, "keypair", "key-name");
        }

        _labels.Add(draft);
        return draft.Count;
    }

    /// <summary>The section in the present form.</summary>
    public MappingDraft Translate()
    {
        var draft = new MappingDraft(_notes.Comments, Section);
        draft.CopyAll(Section, FirstKeys);
        V2Cloud.Put(draft, Section, _notes);
        draft.CopyAll(Section, OtherKeys);
        draft.Copy(Section, "image-type", "image-format");

        var uploaded = _images.Values.Where(image => image.IsOurs).DistinctBy(image => image.DiskImage).ToList();
        PutImageName(draft, uploaded.Count > 0);
        DropKeys(draft);
        draft.Put("diskimages", [.. uploaded.Select(Upload)]);
        draft.Put("cloud-images", [.. _images.Values.Where(image => !image.IsOurs).Select(CloudImage)]);
        draft.Put("pools", [Pool()]);
        return draft;
    }

    private MappingDraft Pool()
    {
        var pool = new MappingDraft(_notes.Comments, Section);
        pool.Put("name", PoolName);
        if (!pool.Copy(Section, "max-servers"))
        {
            Section.Error("", "'max-servers' is missing");
        }

        pool.Copy(Section, "availability-zones");
        V2Networks.Put(pool, Section, _notes);
        pool.Put("labels", _labels);
        return pool;
    }

    private MappingDraft Upload(V2Image image)
    {
        var draft = new MappingDraft(_notes.Comments, image.Section);
        draft.Copy(image.Section, image.DiskImageKey, "name");
        PutConfigDrive(draft, image);
        draft.CopyAll(image.Section, "pause", "meta");
        if (image.IsRenamed)
        {
            _notes.Change(image.Section, "diskimage", "'diskimage' names another image than 'name'; 'name' counts, as in Nodepool 0.4 and 0.5", draft);
        }

        DropLogin(draft, image);
        return draft;
    }

    private MappingDraft CloudImage(V2Image image)
    {
        var draft = new MappingDraft(_notes.Comments, image.Section);
        draft.Copy(image.Section, "name");
        draft.Copy(image.Section, "base-image", Guid.TryParse(image.Section.Text("base-image"), out _) ? "image-id" : "image-name");
        if (!draft.Copy(image.Section, "username"))
        {
            draft.Put("username", V2DiskImages.DefaultUser);
        }

        PutConfigDrive(draft, image);
        _notes.Change(
            image.Section, "base-image",
            "snapshots are made no longer: nodes boot from the 'base-image' itself, without what 'setup' did to it; describe what they need under 'diskimages'", draft);
        _notes.Drop(image.Section, "meta", "an image that exists at the provider keeps the properties that it has", draft);
        _notes.Drop(image.Section, "pause", "nothing is uploaded for an image that exists at the provider", draft);
        DropLogin(draft, image);
        return draft;
    }

    private void DropLogin(MappingDraft draft, V2Image image)
    {
        _notes.DropQuietly(image.Section, "private-key", "nodes are not logged in to before they are handed over; whoever uses them has the key", draft);
        _notes.DropQuietly(image.Section, "user-home", "only Jenkins needed it", draft);
        _notes.DropQuietly(image.Section, "setup", "snapshots are made no longer; use an element of diskimage-builder", draft);
        _notes.DropQuietly(image.Section, "reset", "snapshots are made no longer", draft);
    }

    private void DropKeys(MappingDraft draft)
    {
        _notes.Drop(Section, "ipv6-preferred", "nodes have both addresses; whoever uses them chooses", draft);
        _notes.Drop(Section, "pool", "floating addresses come from the network that the cloud has for them", draft);
        _notes.Drop(Section, "hostname-format", "hosts are named by the launcher", draft);
        _notes.Drop(Section, "use-neutron", "every cloud has it", draft);
        if (Section.Has("keypair"))
        {
            _notes.Change(Section, "keypair", "'keypair' is 'key-name' of the pool's labels now", draft);
        }
    }

    private void PutImageName(MappingDraft draft, bool hasUploads)
    {
        if (draft.Copy(Section, "image-name-format"))
        {
            Section.Ignore("template-hostname");
        }
        else if (Section.Has("template-hostname") || hasUploads)
        {
            V2ImageName.Put(draft, Section, _notes);
        }
    }

    /// <summary>The default of 0.5 was a drive, today's is what the cloud does.</summary>
    private static void PutConfigDrive(MappingDraft draft, V2Image image)
    {
        if (!draft.Copy(image.Section, "config-drive"))
        {
            draft.Put("config-drive", "true");
        }
    }
}
