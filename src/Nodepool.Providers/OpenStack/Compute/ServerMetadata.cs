using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Nodepool.Core.Collections;
using Nodepool.Core.Config.Templates;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.OpenStack.Compute;

/// <summary>Metadata of servers: what is written, and what is understood of what others have written.</summary>
internal sealed partial class ServerMetadata(ILogger logger)
{
    /// <summary>Longest value that Nova stores, bytes.</summary>
    public const int MostBytes = 255;

    /// <summary>Key of the seed's form: one value of JSON with everything in it.</summary>
    private const string OldKey = "nodepool";

    /// <summary>
    /// What a server gets: ours, and the label's properties. Those may replace <c>groups</c>, but nothing by which the server is recognised. A
    /// value that is too long for Nova loses its end, a list of groups whole groups: the last are the least important.
    /// </summary>
    public ValueMap<string> Of(LaunchOrder order)
    {
        var options = order.Label.Options as OpenStackLabelOptions ?? new OpenStackLabelOptions();
        var properties = options.InstanceProperties.Concat(Dynamic(order, options.DynamicInstanceProperties)).Where(pair => !IsOurs(pair.Key) && IsKey(order, pair.Key));
        return new ValueMap<string>(order.Metadata.Concat(properties).Select(pair => KeyValuePair.Create(pair.Key, Fitting(order, pair.Key, pair.Value))));
    }

    /// <summary>A server's metadata as flat keys, whichever launcher wrote it; other keys stay as they are.</summary>
    public static ValueMap<string> Read(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null)
        {
            return ValueMap<string>.Empty;
        }

        return metadata.TryGetValue(OldKey, out var old) && !metadata.ContainsKey(NodeMetadata.ProviderName)
            ? new ValueMap<string>([.. metadata, .. ReadOld(old)])
            : new ValueMap<string>(metadata);
    }

    private static bool IsOurs(string key) => key.StartsWith("nodepool_", StringComparison.Ordinal);

    /// <summary><c>{"provider_name":"p","node_id":123,"image_name":"i"}</c>.</summary>
    private static IEnumerable<KeyValuePair<string, string>> ReadOld(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind != JsonValueKind.Object ? [] :
            [
                .. from pair in new[] { ("provider_name", NodeMetadata.ProviderName), ("node_id", NodeMetadata.NodeId), ("image_name", NodeMetadata.ImageName) }
                   where json.RootElement.TryGetProperty(pair.Item1, out var value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
                   select KeyValuePair.Create(pair.Item2, json.RootElement.GetProperty(pair.Item1).ToString()),
            ];
        }
        catch (JsonException)
        {
            // Somebody else's key of that name.
            return [];
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Dynamic(LaunchOrder order, ValueMap<FormatTemplate> templates)
    {
        if (templates.Count == 0 || order.RequestId is not { } id || order.Request is not { } request)
        {
            yield break;
        }

        var values = FormatVocabulary.ValuesOf(id, request);
        foreach (var (key, template) in templates)
        {
            string? value = null;
            try
            {
                value = template.Evaluate(values);
            }
            catch (FormatException e)
            {
                LogNoValue(logger, order.NodeId, key, e.Message);
            }

            if (value is not null)
            {
                yield return KeyValuePair.Create(key, value);
            }
        }
    }

    private bool IsKey(LaunchOrder order, string key)
    {
        var isKey = Key().IsMatch(key);
        if (!isKey)
        {
            LogBadKey(logger, order.NodeId, key);
        }

        return isKey;
    }

    private string Fitting(LaunchOrder order, string key, string value)
    {
        if (Encoding.UTF8.GetByteCount(value) <= MostBytes)
        {
            return value;
        }

        if (key is NodeMetadata.ProviderName or NodeMetadata.NodeId or NodeMetadata.Token)
        {
            throw new ProviderException(
                ProviderFault.Rejected, $"the metadata '{key}' of node {order.NodeId} has more than {MostBytes} bytes, and without it the server would not be recognised: give the provider a shorter name");
        }

        var shorter = key == NodeMetadata.Groups ? WithoutLast(value) : Cut(value);
        LogShortened(logger, order.NodeId, key, MostBytes, shorter);
        return shorter;
    }

    private static string WithoutLast(string groups)
    {
        while (Encoding.UTF8.GetByteCount(groups) > MostBytes)
        {
            groups = groups.LastIndexOf(',') is > 0 and var comma ? groups[..comma] : Cut(groups);
        }

        return groups;
    }

    private static string Cut(string value)
    {
        var bytes = 0;
        var length = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > MostBytes)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return value[..length];
    }

    [GeneratedRegex(@"^[a-zA-Z0-9\-_:. ]{1,255}\z")]
    private static partial Regex Key();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node}: metadata '{Key}' is longer than the {Most} bytes that Nova stores; it is shortened to '{Value}'")]
    private static partial void LogShortened(ILogger logger, string node, string key, int most, string value);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node}: '{Key}' of dynamic-instance-properties is left out: {Reason}")]
    private static partial void LogNoValue(ILogger logger, string node, string key, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node}: the instance property '{Key}' is left out: Nova takes letters, digits, blanks and -_:. in the names of metadata")]
    private static partial void LogBadKey(ILogger logger, string node, string key);
}
