using System.Globalization;
using System.Text.Json.Nodes;
using Nodepool.Core.Collections;
using Nodepool.Core.Model;

namespace Nodepool.Core.Config.Templates;

/// <summary>The fields that a template may name.</summary>
/// <param name="Fields">Name, dots included, and what it holds.</param>
public sealed record FormatVocabulary(ValueMap<FormatShape> Fields)
{
    /// <summary>Fields of <c>dynamic-*</c> keys: the request that a node is launched for.</summary>
    public static FormatVocabulary Request { get; } = Of(
        ("request.id", FormatShape.Text),
        ("request.labels", FormatShape.Texts),
        ("request.requestor", FormatShape.Text),
        ("request.requestor_data", FormatShape.Anything),
        ("request.relative_priority", FormatShape.Number),
        ("request.event_id", FormatShape.Text),
        ("request.created_time", FormatShape.Number),
        ("request.tenant_name", FormatShape.Text));

    /// <summary>Fields of <c>image-name-format</c>: the upload that gets the name.</summary>
    public static FormatVocabulary ImageName { get; } = Of(
        ("image_name", FormatShape.Text), ("upload_id", FormatShape.Text), ("timestamp", FormatShape.Text));

    /// <summary>Values for <see cref="Request"/>.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="request">The request.</param>
    public static ValueMap<JsonNode?> ValuesOf(string id, NodeRequestRecord request) => new(
    [
        new("request.id", id),
        new("request.labels", new JsonArray([.. request.NodeTypes.Select(label => (JsonNode)label)])),
        new("request.requestor", request.Requestor),
        new("request.requestor_data", JsonNode.Parse(request.RequestorData.Utf8)),
        new("request.relative_priority", request.RelativePriority),
        new("request.event_id", request.EventId),
        new("request.created_time", Float(request.CreatedTime)),
        new("request.tenant_name", request.TenantName),
    ]);

    /// <summary>Values for <see cref="ImageName"/>.</summary>
    /// <param name="image">Name of the diskimage.</param>
    /// <param name="upload">Id of the upload.</param>
    /// <param name="now">When it begins; the name has the whole Unix second.</param>
    public static ValueMap<JsonNode?> ValuesOf(string image, string upload, DateTimeOffset now) => new(
    [
        new("image_name", image), new("upload_id", upload), new("timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
    ]);

    /// <summary>With a fraction also where it is zero: that is what Python writes.</summary>
    private static JsonNode? Float(double? number) =>
        number is { } value ? JsonNode.Parse(value.ToString(value == Math.Floor(value) ? "F1" : "R", CultureInfo.InvariantCulture)) : null;

    private static FormatVocabulary Of(params IEnumerable<(string Name, FormatShape Shape)> fields) =>
        new(new ValueMap<FormatShape>(fields.Select(field => KeyValuePair.Create(field.Name, field.Shape))));
}
