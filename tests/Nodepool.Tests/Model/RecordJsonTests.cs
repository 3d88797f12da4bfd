using System.Text;
using System.Text.Json.Nodes;
using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;

namespace Nodepool.Tests.Model;

/// <summary>What peers wrote comes back as it was: every key, every null, every digit.</summary>
public sealed class RecordJsonTests
{
    private const string Request = """
        {"requestor_data":{"job_name":"prüf 🚀 \"x\"","span_info":{"trace_id":36248839519737144670805403184918362552,"span_id":18446744073709551615,"start_time":1795399692645723392,"ratio":1.10,"parent":null}},
         "node_types":["a","b","a"],"requestor":"e2bd","created_time":1795399692.6457233,"provider":null,"state":"requested","state_time":1795399692.6457171,
         "relative_priority":3,"event_id":"ce53","tenant_name":"t","future_key":{"deep":[1,2.50,null]}}
        """;

    private const string Node = """
        {"state":"ready","state_time":1725000050.3,"cloud":"c1","provider":"p1","pool":"main","type":["ubuntu"],"allocated_to":"200-0000000042","az":null,"region":"r1",
         "public_ipv4":"203.0.113.5","private_ipv4":null,"public_ipv6":"","host_id":"h","interface_ip":"203.0.113.5","connection_port":{"namespace":"n","token":"secret"},
         "ssh_port":{"namespace":"n","token":"secret"},"image_id":"/nodepool/images/u","launcher":"l1","created_time":1725000000.9,"external_id":{"instance":"i-1","host":null},
         "hostname":null,"comment":"ünïcode","user_data":{"zuul_system":"e2","n":340282366920938463463374607431768211455},"hold_job":null,"host_keys":["ssh-ed25519 AAAA"],
         "username":"zuul","connection_type":"ssh","shell_type":null,"hold_expiration":3600,"resources":{"cores":4,"instances":1,"ram":8192},"slot":null,
         "attributes":{"executor-zone":"z1"},"python_path":"auto","tenant_name":"t","driver_data":{"metadata":[1]},"requestor":"e2","id":"0000000084"}
        """;

    [Fact]
    public void Request_ReadAndWritten_KeepsEveryMember()
    {
        var written = Parse(NodeRequestRecord.Read(Encoding.UTF8.GetBytes(Request)).Write());

        foreach (var (key, value) in JsonNode.Parse(Request)!.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(value, written[key]), key);
        }

        Assert.Equal("[]", written["nodes"]!.ToJsonString());
        Assert.True(written["reuse"]!.GetValue<bool>());
    }

    [Fact]
    public void Request_Opaque_ComesBackByteForByte()
    {
        var record = NodeRequestRecord.Read(Encoding.UTF8.GetBytes(Request));

        Assert.Contains("36248839519737144670805403184918362552", record.RequestorData.ToString(), StringComparison.Ordinal);
        Assert.Contains("1.10", record.RequestorData.ToString(), StringComparison.Ordinal);
        Assert.Contains(record.RequestorData.ToString(), Encoding.UTF8.GetString(record.Write().Span), StringComparison.Ordinal);
        Assert.Equal("""{"deep":[1,2.50,null]}""", record.Unknown["future_key"].ToString());
    }

    [Fact]
    public void Node_ReadAndWritten_KeepsEveryMember()
    {
        var written = Parse(NodeRecord.Read(Encoding.UTF8.GetBytes(Node)).Write());
        var expected = JsonNode.Parse(Node)!.AsObject();

        Assert.Equal(expected.Select(member => member.Key).Order(), written.Select(member => member.Key).Order());
        foreach (var (key, value) in expected)
        {
            Assert.True(JsonNode.DeepEquals(value, written[key]), key);
        }
    }

    [Fact]
    public void Node_New_WritesEveryKeyThatPeersNeed()
    {
        string[] keys =
        [
            "state", "state_time", "cloud", "provider", "pool", "type", "allocated_to", "az", "region", "public_ipv4", "private_ipv4", "public_ipv6", "host_id",
            "interface_ip", "connection_port", "ssh_port", "image_id", "launcher", "created_time", "external_id", "hostname", "comment", "user_data", "hold_job",
            "host_keys", "username", "connection_type", "shell_type", "hold_expiration", "resources", "slot", "attributes", "python_path", "tenant_name", "driver_data", "requestor",
        ];

        var written = Parse(new NodeRecord { State = NodeState.Building, StateTime = 1.5 }.Write());

        Assert.Equal(keys, written.Select(member => member.Key));
        Assert.Null(written["allocated_to"]);
    }

    [Fact]
    public void Launch_Stored_IsFoundAgain()
    {
        var launch = new LaunchRecord { Token = "np-1", Attempt = 2, Phase = LaunchPhase.Scan, Stage = "boot", Deadline = 17.25, Failure = "no ssh" };

        var read = NodeRecord.Read(new NodeRecord { State = NodeState.Building, StateTime = 1, Launch = launch }.Write().Span);

        Assert.Equal(launch, read.Launch);
    }

    [Theory]
    [InlineData("""{"state":"ready","state_time":1,"type":"old-style"}""", "old-style")]
    [InlineData("""{"state":"ready","state_time":1,"type":["new","style"]}""", "new")]
    public void Node_TypeOfAnyAge_IsAList(string json, string first) => Assert.Equal(first, NodeRecord.Read(Encoding.UTF8.GetBytes(json)).Type[0]);

    [Theory]
    [InlineData("3600", 3600)]
    [InlineData("\"3600\"", 3600)]
    [InlineData("3600.9", 3600)]
    [InlineData("\"soon\"", 0)]
    [InlineData("null", null)]
    public void Node_HoldExpiration_IsCoercedAsPeersDo(string value, int? expected) =>
        Assert.Equal(expected, NodeRecord.Read(Encoding.UTF8.GetBytes($$"""{"state":"hold","state_time":1,"hold_expiration":{{value}}}""")).HoldExpiration);

    [Theory]
    [InlineData("""{"state":"flying","state_time":1}""", "'flying' is no node state")]
    [InlineData("""{"state":"ready","state_time":"late"}""", "'state_time' holds \"late\" instead of a number")]
    [InlineData("""{"state":"ready","state_time":1,"az":5}""", "'az' holds 5 instead of a string")]
    [InlineData("""[1]""", "not a JSON object")]
    [InlineData("""{"state":"ready""", "not valid JSON")]
    public void Node_NotUnderstood_SaysWhy(string json, string message) =>
        Assert.Contains(message, Assert.Throws<RecordFormatException>(() => NodeRecord.Read(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void Build_WithoutValues_LeavesKeysOutAsPythonDoes()
    {
        var written = Parse(new ImageBuildRecord { State = ImageState.Building, StateTime = 1 }.Write());

        Assert.Equal(["state", "state_time", "username", "python_path", "shell_type"], written.Select(member => member.Key));
    }

    [Fact]
    public void Build_Formats_AreACommaList()
    {
        var record = new ImageBuildRecord { State = ImageState.Ready, StateTime = 1, Formats = ["qcow2", "tar"], Failure = "x", Builder = "b", BuilderId = "i" };

        Assert.Equal("qcow2,tar", Parse(record.Write())["formats"]!.GetValue<string>());
        Assert.Equal(record, ImageBuildRecord.Read(record.Write().Span));
    }

    [Fact]
    public void Build_ItsRun_IsReadAsItWasWritten()
    {
        var run = new BuildRunRecord
        {
            Started = 1.5,
            Phases = [new BuildPhase("root.d", 0.5), new BuildPhase("install.d", 61.2)],
            Seconds = 90,
            Attempt = 3,
            RequestMs = 1_764_000_000_123,
            Recipe = "ab12",
            DiskBytes = 3_000_000_000_000,
            IsInterrupted = true,
            FailedIn = "element vm (install.d/50-x)",
            LastLines = "one\ntwo",
        };
        var record = new ImageBuildRecord { State = ImageState.Failed, StateTime = 1, Run = run };

        Assert.Equal(record, ImageBuildRecord.Read(record.Write().Span));
        Assert.Null(ImageBuildRecord.Read("""{"state":"ready","state_time":1}"""u8).Run);
        Assert.Throws<RecordFormatException>(() => ImageBuildRecord.Read("""{"state":"ready","run":{"phases":{"a":"b"}}}"""u8));
    }

    [Fact]
    public void Upload_ReadAndWritten_IsEqual()
    {
        var record = new ImageUploadRecord { State = ImageState.Ready, StateTime = 1.25, ExternalId = "e", ExternalName = "n", Format = "qcow2", Failure = "f" };

        Assert.Equal(record, ImageUploadRecord.Read(record.Write().Span));
    }

    [Fact]
    public void Pool_Registered_HasPythonsKeysInOrder()
    {
        var written = Parse(new ComponentRecord { Kind = "pool", Hostname = "h", Id = "i", Name = "main", ProviderName = "p", SupportedLabels = ["l"] }.Write());

        Assert.Equal(["hostname", "id", "kind", "model_api", "name", "paused", "priority", "provider_name", "state", "supported_labels", "version"], written.Select(member => member.Key));
    }

    private static JsonObject Parse(ReadOnlyMemory<byte> json) => JsonNode.Parse(json.Span)!.AsObject();
}
