namespace Nodepool.Tests.Providers.OpenStack.Access;

/// <summary>Which files and variables count.</summary>
public sealed class CloudFilesTests : IDisposable
{
    private readonly ConfigDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Read_FirstFileOfTheSearchPath_Counts()
    {
        string[] places = ["named.yaml", "work/clouds.yaml", "work/clouds.json", "home/.config/openstack/clouds.yml", "etc/openstack/clouds.yaml"];
        _files.Environment["OS_CLIENT_CONFIG_FILE"] = _files.Path("named.yaml");
        foreach (var place in places.Reverse())
        {
            _files.Write(place, $$"""{ "clouds": { "c": { "auth": {"auth_url": "https://{{place}}", "username": "u", "password": "x", "project_id": "p"} } } }""");

            Assert.Equal("https://" + place.ToLowerInvariant(), _files.Read().AuthUrl.OriginalString);
        }
    }

    [Fact]
    public void Read_SecureFile_IsLaidOverDeeply()
    {
        _files.Write("work/clouds.yaml", "clouds:\n  c:\n    auth: {auth_url: 'https://k/v3', username: u, project_name: p}\n    region_name: one\n");
        _files.Write("home/.config/openstack/secure.yaml", "clouds:\n  c:\n    auth:\n      password: 0123\n");

        var settings = _files.Read();

        Assert.Contains("Password = ***", settings.Credentials.ToString(), StringComparison.Ordinal);
        Assert.Equal("0123", Password(settings));
        Assert.Equal("one", settings.Region);
    }

    [Fact]
    public void Read_Environment_MakesACloud()
    {
        _files.Environment["OS_AUTH_URL"] = "https://e/v3";
        _files.Environment["OS_USERNAME"] = "u";
        _files.Environment["OS_PASSWORD"] = "x{y}";
        _files.Environment["OS_TENANT_NAME"] = "t";
        _files.Environment["OS_CLOUD_NAME"] = "mine";
        _files.Environment["OS_CLOUD"] = "other";

        var settings = _files.Read("mine");

        Assert.Equal(("https://e/v3", "t", "x{y}"), (settings.AuthUrl.OriginalString, settings.Scope!.Name, Password(settings)));
        Assert.Empty(settings.Warnings);
    }

    [Fact]
    public void Read_VariablesThatOnlyChoose_MakeNoCloud()
    {
        _files.Environment["OS_CLOUD"] = "c";
        _files.Environment["OS_REGION_NAME"] = "one";

        Assert.StartsWith("cloud 'envvars': no clouds.yaml found, looked at /work/clouds.yaml, /home/.config/openstack/clouds.yaml, ", _files.Refusal("envvars"), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CloudOfTheEnvironmentWithTheNameOfAnother_IsRefused()
    {
        _files.WriteCloud("");
        _files.Environment["OS_USERNAME"] = "u";
        _files.Environment["OS_CLOUD_NAME"] = "c";

        Assert.Contains("rename one of them", _files.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamedFileThatIsNotThere_IsPassedOverAndNamedWhenTheCloudIsMissing()
    {
        _files.Environment["OS_CLIENT_CONFIG_FILE"] = "~/none.yaml";

        Assert.Contains("looked at /home/none.yaml, ", _files.Refusal(), StringComparison.Ordinal);
        _files.WriteCloud("");
        Assert.Equal("c", _files.Read().Cloud);
    }

    [Fact]
    public void Read_CloudThatIsNotThere_NamesThoseThatAre()
    {
        _files.WriteCloud("");

        Assert.StartsWith("cloud 'C' is not in /work/clouds.yaml; there are 'c'. ", _files.Refusal("C"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("work/clouds.yaml", "clouds:\n  c: {auth: {password: 'geheim}}\n", "/work/clouds.yaml:")]
    [InlineData("work/clouds.json", """{"clouds": {"c": "geheim", }}""", "/work/clouds.json:1:")]
    [InlineData("work/clouds.yaml", "- geheim\n", "/work/clouds.yaml: the file must be a mapping")]
    public void Read_BrokenFile_IsNamedWithItsPlaceAndWithoutItsContent(string name, string text, string expected)
    {
        _files.Write(name, text);

        var refusal = _files.Refusal();

        Assert.StartsWith(expected, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyFile_HasNoClouds()
    {
        _files.Write("work/clouds.yaml", "# later\n");

        Assert.Contains("cloud 'c'", _files.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void FindImageFormat_NeverFails()
    {
        Assert.Null(_files.Reader().FindImageFormat("c"));
        _files.WriteCloud("image_format: raw");
        Assert.Equal("raw", _files.Reader().FindImageFormat("c"));
        Assert.Null(_files.Reader().FindImageFormat("d"));
        _files.Write("work/clouds.yaml", "{");
        Assert.Null(_files.Reader().FindImageFormat("c"));
    }

    private static string Password(Nodepool.Providers.OpenStack.Access.Settings.CloudSettings settings) =>
        ((Nodepool.Providers.OpenStack.Access.Settings.Credentials.UserPassword)settings.Credentials).Password.Reveal();
}
