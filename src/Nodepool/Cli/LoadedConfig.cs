using Nodepool.Configuration;
using Nodepool.Core.Config;
using Nodepool.Core.Config.Reading;

namespace Nodepool.Cli;

/// <summary>A configuration file as far as it can be read.</summary>
/// <param name="Files">Its files.</param>
/// <param name="Result">The configuration, or what is wrong with it.</param>
/// <param name="Store">Where the store is: known even when other parts of the file are wrong, because the roles that were started
/// before go on with the last good version and want to be looked at. Null when the file cannot be read at all.</param>
/// <param name="HasChanged">Looks whether the files hold something else by now.</param>
internal sealed record LoadedConfig(ConfigFiles Files, ConfigResult Result, StorePlace? Store, Func<bool> HasChanged);
