namespace Nodepool.Core.Config.Reading.V2;

/// <summary>
/// Turns the tree of a file of the form before Nodepool 3 into one of the present form, which the one reader then reads. What is
/// written out of that tree therefore means the same as the file, and problems in it point into the file.
/// </summary>
internal static class V2Translator
{
    private const string OldPort = "2181";

    /// <summary>Translates a file; what is left out or wrong is added to its problems.</summary>
    public static V2Translation Translate(ConfigMap root)
    {
        var notes = new V2Notes();
        var draft = new MappingDraft(notes.Comments, root);
        DropSettings(root, draft, notes);
        draft.Put("zookeeper-servers", [.. root.Maps("zookeeper-servers").Select(server => ZooKeeper(server, notes))], root);
        draft.CopyAll(root, TopLevelKeys.Settings);
        draft.Copy(root, "tenant-resource-limits");
        V2JobEvents.Put(draft, root, notes);

        var diskImages = new V2DiskImages(root, notes);
        var providers = root.Maps("providers").Select(section => new V2Provider(section, notes, diskImages)).ToList();
        draft.Put("labels", new V2Labels(root, providers, notes).Translate(), root);
        draft.Put("providers", [.. providers.Select(provider => provider.Translate())], root);
        draft.Put("diskimages", diskImages.Translate(), root);

        var legacy = LegacySection.Read(root, providers, out var unread);
        notes.DropUnread([.. root.UnreadKeys(), .. unread]);
        notes.Report();
        return new V2Translation(draft.Seal(), notes.Comments, legacy);
    }

    /// <summary>The port that a server has when the file names none is another one today.</summary>
    private static MappingDraft ZooKeeper(ConfigMap server, V2Notes notes)
    {
        var draft = new MappingDraft(notes.Comments, server);
        draft.Copy(server, "host");
        if (!draft.Copy(server, "port"))
        {
            draft.Put("port", OldPort);
        }

        draft.Copy(server, "chroot");
        return draft;
    }

    private static void DropSettings(ConfigMap root, MappingDraft draft, V2Notes notes)
    {
        notes.Drop(root, "dburi", "nodes are kept in the store, not in an SQL database", draft);
        notes.Drop(root, "script-dir", "snapshots are made no longer", draft);
        if (root.Map("cron") is { } cron)
        {
            notes.Drop(cron, "image-update", "images are built again when they are older than 'rebuild-age' of the diskimage", draft);
            notes.Drop(cron, "cleanup", "what is to be cleaned up is seen at once", draft);
            notes.Drop(cron, "check", "ready nodes are looked at without a schedule", draft);
        }

        notes.Drop(root, "gearman-servers", "demand comes as node requests", draft);
        notes.Drop(root, "targets", "nodes are given to who asks for them", draft);
    }
}
