using System.Text.Json.Nodes;

namespace Nodepool.Integration.Peers;

/// <summary>Records as a Python launcher writes them: all keys, an hour old.</summary>
internal static class PythonRecords
{
    private static readonly JsonObject AnyNode = Parse(
        """
        {"state": "ready", "state_time": 0.5, "cloud": null, "provider": null, "pool": null, "type": [], "allocated_to": null, "az": null, "region": null,
         "public_ipv4": "203.0.113.5", "private_ipv4": null, "public_ipv6": null, "host_id": null, "interface_ip": "203.0.113.5", "connection_port": 22,
         "ssh_port": 22, "image_id": "debian", "launcher": null, "created_time": 0.5, "external_id": null, "hostname": null, "comment": null,
         "user_data": null, "hold_job": null, "host_keys": ["ssh-ed25519 AAAA"], "username": "zuul", "connection_type": "ssh", "shell_type": null,
         "hold_expiration": null, "resources": {"cores": 4, "instances": 1, "ram": 8192}, "slot": null, "attributes": null, "python_path": "auto",
         "tenant_name": null, "driver_data": null, "requestor": null}
        """);

    private static readonly JsonObject AnyRequest = Parse(
        """
        {"state": "requested", "state_time": 0.5, "declined_by": [], "node_types": [], "nodes": [], "reuse": true, "requestor": "a scheduler",
         "requestor_data": null, "provider": null, "relative_priority": 0, "event_id": null, "created_time": 0.5, "tenant_name": null}
        """);

    private static readonly JsonObject AnyPool = Parse(
        """
        {"hostname": "python", "id": null, "kind": "pool", "model_api": 0, "name": null, "paused": false, "priority": 100, "provider_name": null,
         "state": "running", "supported_labels": [], "version": "11.0.0"}
        """);

    private static double LongAgo => PeerBed.Sources.UnixNow - 3600;

    public static JsonObject Node(string state, string provider, string pool, string label, string? request = null, int? expiration = null)
    {
        var node = AnyNode.DeepClone().AsObject();
        (node["state"], node["state_time"], node["created_time"]) = (state, LongAgo, LongAgo);
        (node["provider"], node["pool"], node["launcher"]) = (provider, pool, PoolId(provider, pool));
        (node["type"], node["allocated_to"], node["hold_expiration"]) = (Texts(label), request, expiration);
        return node;
    }

    public static JsonObject Request(string state, params string[] labels)
    {
        var request = AnyRequest.DeepClone().AsObject();
        (request["state"], request["state_time"], request["created_time"]) = (state, LongAgo, LongAgo);
        request["node_types"] = Texts(labels);
        return request;
    }

    public static JsonObject Pool(string provider, string pool, params string[] labels)
    {
        var component = AnyPool.DeepClone().AsObject();
        (component["id"], component["name"], component["provider_name"], component["supported_labels"]) = (PoolId(provider, pool), pool, provider, Texts(labels));
        return component;
    }

    public static string PoolId(string provider, string pool) => $"python.example-PoolWorker.{provider}-{pool}-0123456789abcdef0123456789abcdef";

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static JsonArray Texts(params string[] texts) => [.. texts.Select(text => (JsonNode?)text)];
}
