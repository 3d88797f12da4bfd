namespace Nodepool.Core.Config.Reading;

/// <summary>
/// A mapping of a configuration file with the place of every key. Getters check type and range, add a <see cref="ConfigProblem"/>
/// for what is wrong and then return the default, so that one run finds all errors. Keys that no getter asked for are reported as
/// unknown, with the nearest known name.
/// </summary>
public sealed class ConfigMap
{
}
