using Nodepool.Core.Collections;

namespace Nodepool.Providers.Aws;

/// <summary>What a label's instances run on.</summary>
public abstract record AwsMachineChoice
{
    private AwsMachineChoice()
    {
    }

    /// <summary>Always the same instance type.</summary>
    /// <param name="InstanceType"><c>instance-type</c>.</param>
    public sealed record Fixed(string InstanceType) : AwsMachineChoice;

    /// <summary>One of several types, by EC2 Fleet.</summary>
    /// <param name="InstanceTypes"><c>fleet.instance-types</c>, in file order.</param>
    /// <param name="Strategy"><c>fleet.allocation-strategy</c>.</param>
    public sealed record Fleet(ValueList<string> InstanceTypes, AwsAllocationStrategy Strategy) : AwsMachineChoice;
}
