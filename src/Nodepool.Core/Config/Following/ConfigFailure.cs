using Nodepool.Core.Config.Reading;

namespace Nodepool.Core.Config.Following;

/// <summary>Why the newest version of the configuration file is not in force.</summary>
/// <param name="Since">When that version was seen first.</param>
/// <param name="Result">What is wrong with it.</param>
public sealed record ConfigFailure(DateTimeOffset Since, ConfigResult Result);
