using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Nodepool.Core.Providers;
using Nodepool.Providers.OpenStack.Access;

namespace Nodepool.Tests.Providers.OpenStack.Images;

/// <summary>Glance as far as uploads need it, with the data that it was sent.</summary>
internal sealed class FakeGlance : ICloudApi
{
    private int _ids;

    /// <summary>Images by id: what was posted, and <c>status</c>, <c>owner</c>, sums.</summary>
    public Dictionary<string, JsonObject> Images { get; } = [];

    public Dictionary<string, byte[]> Data { get; } = [];

    public List<string> Calls { get; } = [];

    public bool PrefersImport { get; set; }

    public string ImportMethods { get; set; } = "glance-direct,copy-image";

    /// <summary>Images per page.</summary>
    public int PageLength { get; set; } = 2;

    /// <summary>Looks until an image with data is active.</summary>
    public int Looks { get; set; } = 1;

    /// <summary>Called before a call is answered; may throw in the place of the cloud, or give an answer of its own.</summary>
    public Func<string, CloudAnswer?>? Before { get; set; }

    /// <summary>Called after a call was carried out; may throw so that its answer is lost.</summary>
    public Action<string>? After { get; set; }

    /// <summary>Changes an image when its data has come.</summary>
    public Action<JsonObject>? Arrived { get; set; }

    public ValueTask<CloudAccess> GetAccessAsync(CancellationToken ct) =>
        ValueTask.FromResult(new CloudAccess { Cloud = "c", ProjectId = "P", PrefersImport = PrefersImport });

    public ValueTask<bool> HasAsync(CloudService service, CancellationToken ct) => ValueTask.FromResult(true);

    public async ValueTask<CloudAnswer> SendAsync(CloudCall call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Calls.Add(call.ToString());
        if (Before?.Invoke(call.ToString()) is { } answer)
        {
            return answer;
        }

        answer = await CarryOutAsync(call, ct);
        After?.Invoke(call.ToString());
        return call.Expected.Contains(answer.Status) || answer.IsSuccess ? answer : throw new ProviderException(ProviderFault.Rejected, $"{call}: {answer.Status}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static CloudAnswer Answer(HttpStatusCode status, string body = "", params (string Name, string Value)[] headers) =>
        new("asked", status, headers.ToDictionary(header => header.Name, header => header.Value), Encoding.UTF8.GetBytes(body));

    /// <summary>An image that is there already.</summary>
    public string Add(string name, string status, string owner = "P", params (string Key, string Value)[] properties)
    {
        var image = new JsonObject { ["name"] = name };
        foreach (var (key, value) in properties)
        {
            image[key] = value;
        }

        return Add(image, status, owner);
    }

    private string Add(JsonObject image, string status, string owner)
    {
        var id = $"i{++_ids}";
        (image["id"], image["status"], image["owner"]) = (id, status, owner);
        Images.Add(id, image);
        return id;
    }

    private async Task<CloudAnswer> CarryOutAsync(CloudCall call, CancellationToken ct)
    {
        var parts = call.Path.Split('?')[0].Split('/');
        if (parts.Length == 1)
        {
            return call.Method == HttpMethod.Post
                ? Answer(HttpStatusCode.Created, Images[Add(JsonNode.Parse(call.Json!.Value.Span)!.AsObject(), "queued", "P")].ToJsonString(), ("OpenStack-image-import-methods", ImportMethods))
                : List(call.Path);
        }

        if (!Images.TryGetValue(parts[1], out var image))
        {
            return Answer(HttpStatusCode.NotFound);
        }

        switch (call.Method.Method, parts.ElementAtOrDefault(2))
        {
            case ("DELETE", null):
                Images.Remove(parts[1]);
                return Answer(HttpStatusCode.NoContent);
            case ("GET", null):
                if ((string?)image["status"] is "saving" or "importing" && Looks-- <= 1)
                {
                    image["status"] = "active";
                }

                return Answer(HttpStatusCode.OK, image.ToJsonString());
            case ("PUT", "file"):
                return await TakeAsync(image, call, "saving", ct);
            case ("PUT", "stage"):
                return await TakeAsync(image, call, "uploading", ct);
            case ("POST", "import") when call.Json is { } json && (string?)JsonNode.Parse(json.Span)!["method"]!["name"] == "glance-direct" && (string?)image["status"] == "uploading":
                image["status"] = "importing";
                return Answer(HttpStatusCode.Accepted);
            default:
                return Answer(HttpStatusCode.Conflict);
        }
    }

    private async Task<CloudAnswer> TakeAsync(JsonObject image, CloudCall call, string status, CancellationToken ct)
    {
        await using var stream = call.Content!.Open();
        var buffer = new MemoryStream();
        await stream.CopyToAsync(buffer, 7, ct);
        var data = Data[(string)image["id"]!] = buffer.ToArray();
        Assert.Equal(call.Content.Length, data.Length);
        image["status"] = status;
        image["os_hash_algo"] = "sha512";
        image["os_hash_value"] = Convert.ToHexStringLower(SHA512.HashData(data));
        image["size"] = data.Length;
        Arrived?.Invoke(image);
        return Answer(HttpStatusCode.NoContent);
    }

    private CloudAnswer List(string path)
    {
        var query = path.Split('?')[1].Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        var found = Images.Where(image => (string?)image.Value["owner"] == query["owner"] && (!query.TryGetValue("name", out var name) || (string?)image.Value["name"] == name))
            .Where(image => !query.TryGetValue("marker", out var marker) || string.CompareOrdinal(image.Key, marker) > 0).ToList();
        var page = new JsonObject { ["images"] = new JsonArray([.. found.Take(PageLength).Select(image => image.Value.DeepClone())]) };
        if (found.Count > PageLength)
        {
            page["next"] = $"/v2/{path.Split("&marker")[0]}&marker={found[PageLength - 1].Key}";
        }

        return Answer(HttpStatusCode.OK, page.ToJsonString());
    }
}
