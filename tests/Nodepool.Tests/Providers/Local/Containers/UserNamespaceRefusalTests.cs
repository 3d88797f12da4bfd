using Nodepool.Providers.Local.Containers;

namespace Nodepool.Tests.Providers.Local.Containers;

public sealed class UserNamespaceRefusalTests
{
    private static readonly UserNamespaceRefusal.Host Allowing = new("15000", "", "", "ci:100000:65536\n", "ci:100000:65536\n");

    [Fact]
    public void Explain_NoSubordinateIds_NamesAFreeRange() => Assert.Equal(
        "user bob has no subordinate user and group ids; as root: usermod --add-subuids 231072-296607 --add-subgids 231072-296607 bob",
        UserNamespaceRefusal.Explain(Allowing with { SubGid = "ci:165536:65536\n" }, "bob", "").ToString());

    [Fact]
    public void Explain_GroupIdsOnly_AsksForBoth() =>
        Assert.Contains("--add-subuids 165536-231071 ", UserNamespaceRefusal.Explain(Allowing with { SubUid = "" }, "ci", "").Remedy, StringComparison.Ordinal);

    [Fact]
    public void Explain_Switches_NameTheSwitch()
    {
        Assert.Contains("user.max_user_namespaces", UserNamespaceRefusal.Explain(Allowing with { MaxNamespaces = "0" }, "ci", "").Remedy, StringComparison.Ordinal);
        Assert.Contains("unprivileged_userns_clone=1", UserNamespaceRefusal.Explain(Allowing with { UnprivilegedClone = "0" }, "ci", "").Remedy, StringComparison.Ordinal);
        Assert.Contains("apparmor_restrict", UserNamespaceRefusal.Explain(Allowing with { AppArmorRestriction = "1" }, "ci", "").Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_OldUnshare_SaysSo() =>
        Assert.Contains("2.38", UserNamespaceRefusal.Explain(Allowing, "ci", "unshare: unrecognized option '--map-auto'").Remedy, StringComparison.Ordinal);

    [Fact]
    public void Explain_NothingKnown_QuotesTheComplaint() =>
        Assert.Contains("odd thing", UserNamespaceRefusal.Explain(Allowing, "ci", "unshare: odd thing").Missing, StringComparison.Ordinal);

    [Theory]
    [InlineData("", 100_000)]
    [InlineData("a:100000:65536\nb:165536:10\n", 165_546)]
    [InlineData("# comment\nbroken:1\n\na:5:10\n", 100_000)]
    public void FirstFree_Ranges_IsAboveThemAll(string text, long first) => Assert.Equal(first, SubordinateIds.FirstFree(text));
}
