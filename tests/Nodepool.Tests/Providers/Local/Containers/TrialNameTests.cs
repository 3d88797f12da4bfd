using Nodepool.Providers.Local.Containers;

namespace Nodepool.Tests.Providers.Local.Containers;

public sealed class TrialNameTests
{
    [Fact]
    public void Next_Twice_Differs() => Assert.NotEqual(TrialName.Next("trial-"), TrialName.Next("trial-"));

    [Fact]
    public void IsAbandoned_OwnName_IsNot() => Assert.False(TrialName.IsAbandoned(TrialName.Next("trial-"), "trial-"));

    [Theory]
    [InlineData("trial-999999999-5-1", true)]
    [InlineData("trial-1-18446744073709551615-1", true)]
    [InlineData("trial-999999999-5", false)]
    [InlineData("trial-x-5-1", false)]
    [InlineData("other-999999999-5-1", false)]
    public void IsAbandoned_NameOfAnother_WhenItsProcessIsGone(string name, bool abandoned) => Assert.Equal(abandoned, TrialName.IsAbandoned(name, "trial-"));
}
