using Nodepool.Core.Collections;
using Nodepool.Core.Config;

namespace Nodepool.Providers.Local;

/// <summary>What a provider of driver <c>local</c> adds to the common keys.</summary>
/// <param name="Addresses"><c>address-base</c>: where containers get their addresses from.</param>
/// <param name="AuthorizedKeys"><c>authorized-keys</c>: public keys that may log in to every node, beside the operator's own.</param>
public sealed record LocalOptions(AddressBlock Addresses, ValueList<string> AuthorizedKeys) : DriverOptions;
