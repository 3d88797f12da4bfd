using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Nodepool.Testing.OpenStack;

/// <summary>Glance of a <see cref="FakeOpenStack"/>.</summary>
public sealed class FakeGlance
{
    private readonly FakeOpenStack _cloud;
    private int _number;

    internal FakeGlance(FakeOpenStack cloud)
    {
        _cloud = cloud;
        Add("debian", "the cloud itself");
    }

    /// <summary>Images.</summary>
    public List<FakeGlanceImage> Images { get; } = [];

    /// <summary>Puts an active image there.</summary>
    public FakeGlanceImage Add(string name, string owner = FakeOpenStack.Project)
    {
        var image = new FakeGlanceImage(_cloud.NewId(), name, ++_number) { Status = "active", Owner = owner };
        Images.Add(image);
        return image;
    }

    internal bool HasActive(string id) => Images.Any(image => image.Id == id && image.Status == "active");

    internal FakeReply Answer(FakeCall call) => (call.Method, call.Parts) switch
    {
        ("GET", ["images"]) => FakeReply.Of(new JsonObject { ["images"] = new JsonArray([.. Found(call).Select(Describe)]) }),
        ("POST", ["images"]) => Create(call.Body!.AsObject()),
        ("GET", ["images", var id]) => Find(id) is { } image ? FakeReply.Of(Describe(image)) : FakeReply.NotFound($"image {id}"),
        ("PUT", ["images", var id, "file"]) => Upload(id, call.Raw),
        ("DELETE", ["images", var id]) => FakeReply.Empty(Images.RemoveAll(image => image.Id == id) > 0 ? 204 : 404),
        _ => FakeReply.NotFound(call.Path),
    };

    private FakeGlanceImage? Find(string id) => Images.FirstOrDefault(image => image.Id == id);

    private IEnumerable<FakeGlanceImage> Found(FakeCall call)
    {
        var found = Images.Where(image => (!call.Query.TryGetValue("name", out var name) || image.Name == name)
            && (!call.Query.TryGetValue("status", out var status) || image.Status == status)
            && (!call.Query.TryGetValue("owner", out var owner) || image.Owner == owner)).OrderByDescending(image => image.Number);
        return call.Query.TryGetValue("limit", out var limit) ? found.Take(int.Parse(limit, CultureInfo.InvariantCulture)) : found;
    }

    private FakeReply Create(JsonObject order)
    {
        var image = new FakeGlanceImage(_cloud.NewId(), order["name"]!.GetValue<string>(), ++_number) { Properties = (JsonObject)order.DeepClone() };
        Images.Add(image);
        return FakeReply.Of(Describe(image), 201);
    }

    private FakeReply Upload(string id, ReadOnlyMemory<byte> data)
    {
        if (Find(id) is not { } image)
        {
            return FakeReply.NotFound($"image {id}");
        }

        (image.Status, image.Data) = ("active", data);
        return FakeReply.Empty(204);
    }

    [SuppressMessage("Security", "CA5351", Justification = "What Glance does.")]
    private static JsonObject Describe(FakeGlanceImage image)
    {
        var json = (JsonObject)image.Properties.DeepClone();
        json["id"] = image.Id;
        json["name"] = image.Name;
        json["status"] = image.Status;
        json["owner"] = image.Owner;
        json["created_at"] = $"2026-01-01T00:{image.Number / 60:00}:{image.Number % 60:00}Z";
        json["size"] = image.Data.Length;
        json["checksum"] = image.Status == "active" ? Convert.ToHexStringLower(MD5.HashData(image.Data.Span)) : null;
        json["os_hash_algo"] = image.Status == "active" ? "sha512" : null;
        json["os_hash_value"] = image.Status == "active" ? Convert.ToHexStringLower(SHA512.HashData(image.Data.Span)) : null;
        return json;
    }
}
