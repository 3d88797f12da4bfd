using Nodepool.Core.Config;
using Nodepool.Core.Imaging;

namespace Nodepool.Tests.Imaging;

public sealed class BuildSecretsTests
{
    private static readonly DiskImageConfig Image = new()
    {
        Name = "i",
        EnvVars = new([new("DIB_RELEASE", "bookworm"), new("REG_PASSWORD", "hunter2"), new("ACTIVATION", "from the safe"), new("API_TOKEN", "on")]),
        SecretVariables = ["ACTIVATION"],
    };

    [Fact]
    public void Hide_ValuesOfSecretNamesAndOfTheSecureFile_AreCovered() => Assert.Equal(
        "+ register --user me --password *** --key '***' on bookworm",
        BuildSecrets.Of(Image).Hide("+ register --user me --password hunter2 --key 'from the safe' on bookworm"));

    [Fact]
    public void Hide_PasswordsInAddresses_AreCovered() =>
        Assert.Equal("Failed to fetch https://***@mirror.example/debian", BuildSecrets.Of(Image).Hide("Failed to fetch https://me:pw@mirror.example/debian"));

    [Theory]
    [InlineData("it's me", "+ export PASSWORD='it'\\''s me'", "+ export PASSWORD='***'")]
    [InlineData("a b/c", "https://mirror/?key=a%20b%2Fc", "https://mirror/?key=***")]
    [InlineData("-----BEGIN KEY-----\nMC4CAQAwBQYDK2Vw\n-----END KEY-----\n", "key: MC4CAQAwBQYDK2Vw", "key: ***")]
    public void Hide_KnowsTheFormsOfAValue(string value, string said, string shown) =>
        Assert.Equal(shown, BuildSecrets.Of(new DiskImageConfig { Name = "i", EnvVars = new([new("A_PASSWORD", value)]) }).Hide(said));

    [Fact]
    public void Hide_ValuesOfTheBuildersOwnEnvironment_AreCoveredWhenTheirNameIsSecret() => Assert.Equal(
        "OS_PASSWORD=*** OS_USERNAME=somebody-else FAKE_TOKEN=none",
        BuildSecrets.Of(Image, [new("OS_PASSWORD", "correct horse"), new("OS_USERNAME", "somebody-else"), new("FAKE_TOKEN", "none")])
            .Hide("OS_PASSWORD=correct horse OS_USERNAME=somebody-else FAKE_TOKEN=none"));
}
