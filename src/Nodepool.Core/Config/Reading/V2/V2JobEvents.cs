using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>Who tells of the ends of jobs, and what nodes are called there: <c>zmq-publishers</c> and the <c>hostname</c> of targets become <c>job-events</c>.</summary>
internal static class V2JobEvents
{
    private const string Key = "zmq-publishers";

    public static void Put(MappingDraft draft, ConfigMap root, V2Notes notes)
    {
        root.Ignore(Key);
        if (!root.Has(Key) || !root.Node.TryGet(Key, out var entry) || entry.Value is YamlSequence { Items.Count: 0 })
        {
            return;
        }

        var events = new MappingDraft(notes.Comments, root);
        events.Copy(root, Key, JobEventsSection.Publishers);
        YamlItem[] names = [.. root.Leniently().Maps("targets").Select(target => Name(target, notes, events)).OfType<YamlItem>()];
        if (names.Length > 0)
        {
            events.Put(JobEventsSection.NodeNames, new YamlSequence(new TextSpan(names[0].Place, names[0].Place), names));
        }

        draft.Put(JobEventsSection.Key, events.Seal(), entry.ValuePlace, root.PathOf(Key));
    }

    /// <summary>Null when the target says nothing else than what is usual.</summary>
    private static YamlItem? Name(ConfigMap target, V2Notes notes, MappingDraft events)
    {
        if (target.Text("hostname") is not { } template || template == JobEventsConfig.UsualName)
        {
            return null;
        }

        if (JobEventsSection.Complain(template) is { } complaint)
        {
            notes.Change(target, "hostname", $"{complaint.Message}; job events that call nodes so tell nothing", events);
            return null;
        }

        target.Node.TryGet("hostname", out var entry);
        return new YamlItem(new YamlScalar(new TextSpan(entry.ValuePlace, entry.ValuePlace), template, isPlain: false), entry.ValuePlace, target.PathOf("hostname"));
    }
}
