using Nodepool.Providers.Local.Containers.Cgroups;

namespace Nodepool.Tests.Providers.Local.Containers;

public sealed class ContainerGroupsTests
{
    [Fact]
    public void Name_EqualTokensOfTwoLaunchers_Differ() =>
        Assert.NotEqual(ContainerGroups.NameOf("/var/lib/a/instances/n1"), ContainerGroups.NameOf("/var/lib/b/instances/n1"));

    [Theory]
    [InlineData("/var/lib/a/instances/n1/")]
    [InlineData("/var/lib/a/instances/../instances/n1")]
    public void Name_SameDirectoryWrittenDifferently_IsTheSame(string path) =>
        Assert.Equal(ContainerGroups.NameOf("/var/lib/a/instances/n1"), ContainerGroups.NameOf(path));

    [Fact]
    public void Name_OddDirectoryName_IsAPlainFileName() => Assert.Matches("^a-b----[0-9a-f]{8}$", ContainerGroups.NameOf("/x/a b\n.."));
}
