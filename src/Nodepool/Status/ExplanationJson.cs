using System.Text.Json;
using Nodepool.Core.Explaining;
using Nodepool.Core.Model;

namespace Nodepool.Status;

/// <summary>An explanation for programs.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes one object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="explanation">What is to be said.</param>
    /// <param name="now">Unix seconds.</param>
    public static void Write(Utf8JsonWriter json, RequestExplanation explanation, double now)
    {
        var record = explanation.Record;
        json.WriteStartObject();
        json.WriteString("id", explanation.Id);
        json.WriteString("state", record.State.Word());
        json.WriteStartArray("node_types");
        foreach (var label in record.NodeTypes)
        {
            json.WriteStringValue(label);
        }

        json.WriteEndArray();
        json.WriteString("requestor", record.Requestor);
        json.WriteString("tenant_name", record.TenantName);
        json.WriteNumber("age", Math.Round(Math.Max(0, now - (record.CreatedTime ?? record.StateTime)), 1));
        WriteNumber(json, "position", explanation.Position);
        json.WriteNumber("waiting", explanation.Waiting);
        json.WriteString("summary", explanation.Summary);
        json.WriteStartArray("pools");
        foreach (var pool in explanation.Pools)
        {
            Write(json, pool);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PoolExplanation pool)
    {
        json.WriteStartObject();
        json.WriteString("provider", pool.Pool.Provider);
        json.WriteString("pool", pool.Pool.Pool);
        json.WriteString("host", pool.Host);
        json.WriteString("code", pool.Code);
        json.WriteString("reason", pool.Text);
        json.WriteString("taken_by", pool.Holders);
        WriteNumber(json, "expected_in", pool.Estimate is { } estimate ? Math.Round(estimate.Seconds, 1) : null);
        json.WriteString("expected_because", pool.Estimate?.Basis);
        json.WriteString("remedy", pool.Remedy);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
