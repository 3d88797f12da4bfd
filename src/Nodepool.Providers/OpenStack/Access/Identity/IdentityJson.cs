using System.Text.Json.Serialization;

namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>Keystone's answers.</summary>
[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class IdentityJson : JsonSerializerContext;
