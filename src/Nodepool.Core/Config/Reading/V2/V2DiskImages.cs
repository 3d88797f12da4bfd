using Nodepool.Core.Config.Reading.Yaml;

namespace Nodepool.Core.Config.Reading.V2;

/// <summary>The <c>diskimages</c> of a v2 file, with what provider images say about them.</summary>
internal sealed class V2DiskImages
{
    /// <summary>Login user of an image that names none.</summary>
    public const string DefaultUser = "jenkins";

    private static readonly string[] PresentKeys =
    [
        "abstract", "parent", "python-path", "shell-type", "dib-cmd", "build-timeout", "keep-formats", "delete-after-upload", "metadata", "image-tool", "packages", "image-retention", "image-canary",
    ];

    private readonly ConfigMap _root;
    private readonly V2Notes _notes;
    private readonly Dictionary<string, V2Image> _users = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names;

    public V2DiskImages(ConfigMap root, V2Notes notes)
    {
        (_root, _notes) = (root, notes);
        _names = root.Maps("diskimages").Select(image => image.Text("name") ?? "").ToHashSet(StringComparer.Ordinal);
    }

    public bool Has(string name) => _names.Contains(name);

    /// <summary>A provider takes the image: its user becomes the image's.</summary>
    public void Take(V2Image image)
    {
        if (!_users.TryAdd(image.DiskImage, image) && _users[image.DiskImage].Username != image.Username)
        {
            _notes.Change(
                image.Section, "username",
                $"the user of {Wording.Quote(image.DiskImage)} is another than on line {image.Section.LineOf(_users[image.DiskImage].Section.Offset)}, which counts: an image has one user everywhere");
        }
    }

    /// <summary>The section in the present form; images that a file without the section takes for granted are added.</summary>
    public IReadOnlyList<MappingDraft> Translate() => _root.Contains("diskimages")
        ? [.. _root.Maps("diskimages").Select(Translate)]
        : [.. _users.Values.Select(TakenForGranted)];

    private MappingDraft Translate(ConfigMap image)
    {
        var draft = new MappingDraft(_notes.Comments, image);
        var name = image.Text("name") ?? "";
        draft.CopyAll(image, "name", "abstract", "parent", "elements", "release");
        if (!draft.Copy(image, "username"))
        {
            PutUser(draft, name);
        }

        draft.CopyAll(image, "formats", "rebuild-age", "pause");
        draft.CopyAll(image, PresentKeys);
        PutVariables(draft, image);
        return draft;
    }

    private MappingDraft TakenForGranted(V2Image image)
    {
        var draft = new MappingDraft(_notes.Comments, image.Section);
        draft.Copy(image.Section, image.DiskImageKey, "name");
        PutUser(draft, image.DiskImage);
        return draft;
    }

    private void PutUser(MappingDraft draft, string name)
    {
        if (!_users.TryGetValue(name, out var user) || !draft.Copy(user.Section, "username"))
        {
            draft.Put("username", DefaultUser);
        }
    }

    private void PutVariables(MappingDraft draft, ConfigMap image)
    {
        if (image.Node.TryGet("env-vars", out var variables) && variables.Value is not (YamlMapping or YamlScalar { IsNull: true }))
        {
            _notes.Drop(image, "env-vars", "only a mapping of names and values can be set as environment of a build", draft);
        }
        else
        {
            draft.Copy(image, "env-vars");
        }

        _notes.Drop(image, "qemu-img-options", "images in format qcow2 are built with compat=0.10", draft);
    }
}
