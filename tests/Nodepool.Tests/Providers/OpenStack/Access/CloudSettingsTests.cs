using Nodepool.Providers.OpenStack.Access;
using Nodepool.Providers.OpenStack.Access.Settings;

namespace Nodepool.Tests.Providers.OpenStack.Access;

/// <summary>What the keys of an entry mean.</summary>
public sealed class CloudSettingsTests : IDisposable
{
    private readonly ConfigDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Read_AllKeys_AreUnderstood()
    {
        _files.WriteCloud(
            """
            region-name: one
            interface: internalURL
            network_interface: public
            volume_api_version: '3'
            compute-api-version: 2.79
            image_endpoint_override: https://{region_name}.example.org/image
            volumev3_service_name: fast
            has_network: false
            api_timeout: 12.5
            verify: yes
            cacert: ~/ca.pem
            cert: certs/me.pem
            key: /etc/key.pem
            image_format: raw
            image_api_use_import: true
            floating_ip_source: None
            private: true
            force_ipv4: true
            networks:
              - {name: out, routes_externally: true, routes_ipv6_externally: false, nat_source: true}
              - {name: in, nat_destination: true, default_interface: true}
            """);

        var settings = _files.Read();

        Assert.Equal(("one", TimeSpan.FromSeconds(12.5), "raw", true, FloatingIpSource.None), (settings.Region, settings.CallTimeout, settings.ImageFormat, settings.PrefersImport, settings.FloatingIpSource));
        Assert.Equal((true, true), (settings.PrefersPrivate, settings.ForcesIpv4));
        Assert.Equal(
            (true, _files.Path("home/ca.pem"), _files.Path("work/certs/me.pem"), "/etc/key.pem"), (settings.Tls.Verifies, settings.Tls.Authorities, settings.Tls.Certificate, settings.Tls.Key));
        Assert.Equal(
            [
                new("out") { RoutesIpv4Externally = true, IsNatSource = true },
                new CloudNetwork("in") { IsNatDestination = true, IsDefaultInterface = true },
            ],
            settings.Networks);
        Assert.Equal(new ServiceSettings { Interfaces = ["internal"], MicroversionLimit = new(2, 79) }, settings.Of(CloudService.Compute));
        Assert.Equal(new Uri("https://one.example.org/image"), settings.Of(CloudService.Image).Endpoint);
        Assert.Equal((true, "public"), (settings.Of(CloudService.Network).IsDisabled, settings.Of(CloudService.Network).Interfaces[0]));
        Assert.Equal("fast", settings.Of(CloudService.BlockStorage).Name);
        Assert.Empty(settings.Warnings);
    }

    [Fact]
    public void Read_OldNetworkKeys_BecomeNetworks()
    {
        _files.WriteCloud("external_network: out\ninternal_network: in");

        Assert.Equal(
            [
                new("out") { RoutesIpv4Externally = true, RoutesIpv6Externally = true, IsDefaultInterface = true },
                new CloudNetwork("in") { IsNatDestination = true },
            ],
            _files.Read().Networks);
    }

    [Fact]
    public void Read_Profile_LiesBelowTheEntry()
    {
        _files.Write(
            "home/.config/openstack/clouds-public.yaml",
            "public-clouds:\n  v:\n    auth: {auth_url: 'https://{region_name}.v/v3', user_domain_id: vd}\n    regions: [one, {name: two, values: {image_format: raw, auth: {project_id: special}}}]\n    image_format: vhd\n");
        _files.Write("work/clouds.yaml", "clouds:\n  c:\n    profile: v\n    auth: {username: u, password: x, project_id: p}\n");

        var (first, second) = (_files.Read(), _files.Read(region: "two"));

        Assert.Equal(("one", "vhd", "https://one.v/v3", "p"), (first.Region, first.ImageFormat, first.AuthUrl.OriginalString, first.Scope!.Id));
        Assert.Equal(("two", "raw", "https://two.v/v3", "special"), (second.Region, second.ImageFormat, second.AuthUrl.OriginalString, second.Scope!.Id));
        Assert.Contains("region 'three' is none of the entry's: 'one', 'two'", _files.Refusal(region: "three"), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ProfileThatComesWithOpenstacksdk_SaysWhatToDo()
    {
        _files.Write("work/clouds.yaml", "clouds:\n  c:\n    profile: vexxhost\n    auth: {username: u, password: x, project_id: p}\n");
        Assert.Contains("profile 'vexxhost' is not in a clouds-public.yaml; those that come with openstacksdk are not known here", _files.Refusal(), StringComparison.Ordinal);

        _files.Write("work/clouds.yaml", "clouds:\n  c:\n    profile: vexxhost\n    auth: {auth_url: 'https://v', username: u, password: x, project_id: p}\n");
        Assert.Contains("vexxhost", Assert.Single(_files.Read().Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("username: u, password: x, project_name: p", "", """{"identity":{"methods":["password"],"password":{"user":{"name":"u","domain":{"id":"default"},"password":"x"}}},"scope":{"project":{"name":"p","domain":{"id":"default"}}}}""")]
    [InlineData("username: u, password: x, tenant_name: p, user_domain_name: D", "", """{"identity":{"methods":["password"],"password":{"user":{"name":"u","domain":{"name":"D"},"password":"x"}}},"scope":{"project":{"name":"p","domain":{"name":"D"}}}}""")]
    [InlineData("username: u, password: x, project-name: p, project_domain_id: pd, domain_name: D", "auth_type: v3password", """{"identity":{"methods":["password"],"password":{"user":{"name":"u","domain":{"name":"D"},"password":"x"}}},"scope":{"project":{"name":"p","domain":{"id":"pd"}}}}""")]
    [InlineData("user_id: i, password: x, project_id: p", "project_id: q", """{"identity":{"methods":["password"],"password":{"user":{"id":"i","password":"x"}}},"scope":{"project":{"id":"q"}}}""")]
    [InlineData("user_id: i, password: x, trust_id: t", "", """{"identity":{"methods":["password"],"password":{"user":{"id":"i","password":"x"}}},"scope":{"OS-TRUST:trust":{"id":"t"}}}""")]
    [InlineData("application_credential_id: a, application_credential_secret: s", "auth_type: v3applicationcredential", """{"identity":{"methods":["application_credential"],"application_credential":{"id":"a","secret":"s"}}}""")]
    [InlineData("application_credential_name: a, application_credential_secret: s, username: u", "", """{"identity":{"methods":["application_credential"],"application_credential":{"name":"a","user":{"name":"u","domain":{"id":"default"}},"secret":"s"}}}""")]
    [InlineData("token: t, project_id: p", "auth_type: v3token", """{"identity":{"methods":["token"],"token":{"id":"t"}},"scope":{"project":{"id":"p"}}}""")]
    public void Read_Credentials_BecomeTheRequestForAToken(string auth, string beside, string expected)
    {
        _files.Write("work/clouds.yaml", $$"""
            clouds:
              c:
                auth: {auth_url: 'https://k/v3', {{auth}}}
                {{beside}}
            """);

        var settings = _files.Read();

        Assert.Equal($$"""{"auth":{{expected}}}""", System.Text.Encoding.UTF8.GetString(Nodepool.Providers.OpenStack.Access.Identity.TokenRequest.Write(settings.Credentials, settings.Scope).Span));
    }

    [Theory]
    [InlineData("auth_type: v3oidcpassword", "'auth_type: v3oidcpassword' is not supported here; use one of password, v3password, v3applicationcredential, token, v3token")]
    [InlineData("identity_api_version: '2.0'", "'identity_api_version' must be 3")]
    [InlineData("image_api_version: '1'", "'image_api_version: 1' is not supported here, only 2")]
    [InlineData("volume_api_version: 2", "'block_storage_api_version: 2' is not supported here, only 3")]
    [InlineData("api_timeout: soon", "'api_timeout' must be a number of seconds")]
    [InlineData("verify: maybe", "'verify' must be true or false")]
    [InlineData("floating_ip_source: sky", "'floating_ip_source: sky' must be neutron, nova or None")]
    [InlineData("networks: [{nat_source: true}]", "an element of 'networks' has no 'name'")]
    [InlineData("networks: [{name: a, nat_source: true}, {name: b, nat_source: true}]", "networks 'a' and 'b' both have 'nat_source'")]
    [InlineData("external_network: a\nnetworks: [{name: b}]", "'external_network' and 'networks' exclude each other")]
    [InlineData("compute_endpoint_override: nova.example.org", "the endpoint of compute must be an http or https address")]
    [InlineData("region_name: {a: b}", "'region_name' must be a single value")]
    public void Read_WhatIsWrong_IsToldWithTheFile(string lines, string expected)
    {
        _files.WriteCloud(lines);

        Assert.Equal($"cloud 'c': {expected}", _files.Refusal() is var text ? text[..Math.Min(text.Length, $"cloud 'c': {expected}".Length)] : "");
        Assert.Contains("(/work/clouds.yaml)", _files.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify: false")]
    [InlineData("insecure: true")]
    public void Read_WithoutVerification_Warns(string lines)
    {
        _files.WriteCloud(lines);

        Assert.Contains("can read the password and every token", Assert.Single(_files.Read().Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth: {username: u, password: x, project_id: p}", "'auth: auth_url:' is missing")]
    [InlineData("auth: {auth_url: 'https://k', username: u, project_id: p}", "'auth: password:' is missing; secrets may also stand in secure.yaml")]
    [InlineData("auth: {auth_url: 'https://k', username: u, password: x}", "'auth: project_name:' (or project_id) is missing")]
    [InlineData("auth: {auth_url: 'k:5000', username: u, password: x}", "'auth_url' must be an http or https address")]
    public void Read_WhatIsMissing_IsTold(string line, string expected)
    {
        _files.Write("work/clouds.yaml", $"clouds:\n  c:\n    {line}\n");

        Assert.StartsWith($"cloud 'c': {expected}", _files.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CertificateFileThatIsRewritten_MakesOtherSettings()
    {
        var path = _files.Write("ca.pem", "x");
        _files.WriteCloud($"cacert: {path}");
        var before = _files.Read();

        Assert.Equal(before, _files.Read());
        File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.NotEqual(before, _files.Read());
    }
}
