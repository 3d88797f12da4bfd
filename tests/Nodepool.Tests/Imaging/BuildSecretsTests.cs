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
        BuildSecrets.Hide("+ register --user me --password hunter2 --key 'from the safe' on bookworm", Image));

    [Fact]
    public void Hide_PasswordsInAddresses_AreCovered() =>
        Assert.Equal("Failed to fetch https://***@mirror.example/debian", BuildSecrets.Hide("Failed to fetch https://me:pw@mirror.example/debian", Image));
}
