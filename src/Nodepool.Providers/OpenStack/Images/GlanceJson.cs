using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Images;

/// <summary>Glance's answers.</summary>
[JsonSerializable(typeof(GlanceImage))]
[JsonSerializable(typeof(GlancePage))]
internal sealed partial class GlanceJson : JsonSerializerContext;
