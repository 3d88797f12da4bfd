namespace Nodepool.Providers.Local.Containers.Cgroups;

/// <summary>One value to write into a file of a control group.</summary>
/// <param name="File">Name of the file.</param>
/// <param name="Text">What to write.</param>
/// <param name="IsOptional">Nothing is wrong when there is no such file.</param>
internal readonly record struct CgroupValue(string File, string Text, bool IsOptional = false);
