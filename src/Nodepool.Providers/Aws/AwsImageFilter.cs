using Nodepool.Core.Collections;

namespace Nodepool.Providers.Aws;

/// <summary>One filter of EC2's list of images; one element of <c>image-filters</c>.</summary>
/// <param name="Name"><c>name</c> of the property.</param>
/// <param name="Values"><c>values</c>, of which one must fit; <c>*</c> stands for any text.</param>
public sealed record AwsImageFilter(string Name, ValueList<string> Values);
