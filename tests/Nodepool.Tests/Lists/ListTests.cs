using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Lists;
using Nodepool.Tests.Cli;

namespace Nodepool.Tests.Lists;

public sealed class ListTests
{
    private readonly TestStore _store = new();

    [Fact]
    public void NodeList_Brief_LooksLikePrettyTable()
    {
        PutNodes();

        var text = TextTable.Draw(NodeList.Of(_store.View(), TestStore.Now + 90061).Usual);

        Assert.Equal(
            """
            +------------+----------+--------------+------------+-------------+------+--------+-------------+----------+
            | ID         | Provider | Label        | Server ID  | Public IPv4 | IPv6 | State  | Age         | Locked   |
            +------------+----------+--------------+------------+-------------+------+--------+-------------+----------+
            | 0000000001 | local    | debian       | vm-1       | 127.0.0.1   |      | ready  | 01:01:01:01 | unlocked |
            | 0000000002 | cloud    | debian,extra | {"host":7} |             | ::1  | in-use | 01:01:01:05 | locked   |
            +------------+----------+--------------+------------+-------------+------+--------+-------------+----------+

            """,
            text);
    }

    [Fact]
    public void NodeList_Detail_HasAllColumnsOfTheReference()
    {
        var table = NodeList.Of(_store.View(), TestStore.Now);

        Assert.Equal(
            "ID, Provider, Label, Server ID, Public IPv4, IPv6, State, Age, Locked, Pool, Hostname, Private IPv4, AZ, Username, Port, Launcher, "
            + "Allocated To, Hold Job, Comment, User Data, Driver Data",
            string.Join(", ", table.Titles));
    }

    [Fact]
    public void NodeList_Json_HasTheFieldsOfTheWebAndNoCredentials()
    {
        PutNodes();

        var json = ListJson.Write(NodeList.Of(_store.View(), 5000, "0000000002"), indented: false);

        Assert.Equal(
            """
            [{"id":"0000000002","provider":"cloud","label":["debian","extra"],"server_id":{"host":7},"public_ipv4":null,"ipv6":"::1","state":"in-use",
            "age":995,"locked":"locked","pool":"main","hostname":null,"private_ipv4":null,"AZ":null,"username":"zuul","connection_port":"redacted",
            "launcher":null,"allocated_to":"200-0000000004","hold_job":null,"comment":"a\nb","user_data":{"who":340282366920938463463374607431768211455},"driver_data":null}]
            """.Replace("\n", "", StringComparison.Ordinal),
            json);
    }

    [Fact]
    public void NodeList_UnknownId_IsEmpty()
    {
        PutNodes();

        Assert.Equal("[]", ListJson.Write(NodeList.Of(_store.View(), 0, "0000000009"), indented: true));
        Assert.Equal("+----+\n| ID |\n+----+\n+----+\n", TextTable.Draw(NodeList.Of(_store.View(), 0, "0000000009").First(1)));
    }

    [Fact]
    public void NodeList_UnreadableRecords_AreLeftOut()
    {
        _store.Put(NodepoolPaths.Node("0000000001"), ReadOnlyMemory<byte>.Empty);
        _store.Put(NodepoolPaths.Node("0000000002"), "{"u8.ToArray());

        Assert.Empty(NodeList.Of(_store.View(), 0).Rows);
    }

    [Fact]
    public void RequestList_OfTwo_ShowsThemByIdWithListsJoined()
    {
        _store.Put("200-0000000002", new NodeRequestRecord { State = RequestState.Fulfilled, StateTime = 5, NodeTypes = ["a", "b"], Nodes = ["1", "2"], EventId = "e" });
        _store.Put("100-0000000003", new NodeRequestRecord { State = RequestState.Requested, StateTime = 5, NodeTypes = ["a"], RelativePriority = 7, Requestor = "me", DeclinedBy = ["p1", "p2"] });

        Assert.Equal(
            """
            +----------------+----------+-----------+-----------+------------+-------+-------------+----------+
            | Request ID     | Priority | State     | Requestor | Node Types | Nodes | Declined By | Event ID |
            +----------------+----------+-----------+-----------+------------+-------+-------------+----------+
            | 100-0000000003 | 7        | requested | me        | a          |       | p1,p2       |          |
            | 200-0000000002 | 0        | fulfilled |           | a,b        | 1,2   |             | e        |
            +----------------+----------+-----------+-----------+------------+-------+-------------+----------+

            """,
            TextTable.Draw(RequestList.Of(_store.View(), 10).Usual));
        Assert.StartsWith(
            """[{"id":"100-0000000003","relative_priority":7,"state":"requested","requestor":"me","node_types":["a"],"nodes":[],"declined_by":["p1","p2"],"event_id":null,"age":5,"provider":null,"tenant_name":null,"reuse":true},""",
            ListJson.Write(RequestList.Of(_store.View(), 10), indented: false), StringComparison.Ordinal);
    }

    [Fact]
    public void ImageLists_OfABuildAndItsUploads_ShowThemNewestFirst()
    {
        PutImages();

        Assert.Equal(
            """
            +----------+------------+----------+--------+---------------------+-------------------+-----------+-------------+
            | Build ID | Upload ID  | Provider | Image  | Provider Image Name | Provider Image ID | State     | Age         |
            +----------+------------+----------+--------+---------------------+-------------------+-----------+-------------+
            | b2       | 0000000001 | local    | debian |                     |                   | uploading | 00:00:00:10 |
            | b1       | 0000000001 | local    | debian | debian-900          | img-1             | ready     | 00:00:01:30 |
            +----------+------------+----------+--------+---------------------+-------------------+-----------+-------------+

            """,
            TextTable.Draw(ImageUploadList.Of(_store.View(), TestStore.Now).Usual));
        Assert.Equal(
            """
            +-----------+--------+---------+-----------+-------+-------------+
            | ID        | Image  | Builder | Formats   | State | Age         |
            +-----------+--------+---------+-----------+-------+-------------+
            | debian-b2 | debian | host    | qcow2,raw | ready | 00:00:00:20 |
            | debian-b1 | debian |         |           | ready | 00:00:01:40 |
            +-----------+--------+---------+-----------+-------+-------------+

            """,
            TextTable.Draw(ImageBuildList.Of(_store.View(), TestStore.Now).Usual));
        Assert.StartsWith(
            """[{"id":"debian-b2","image":"debian","builder":"host","formats":["qcow2","raw"],"state":"ready","age":980,"failure":null,""",
            ListJson.Write(ImageBuildList.Of(_store.View(), TestStore.Now), indented: false), StringComparison.Ordinal);
    }

    [Fact]
    public void ImageLists_OfAPausedImageWithABuildRequest_SaySo()
    {
        PutImages();
        _store.Put(NodepoolPaths.ImagePause("debian"), ReadOnlyMemory<byte>.Empty);
        _store.Put(NodepoolPaths.BuildRequest("debian"), ReadOnlyMemory<byte>.Empty);

        Assert.All(ImageBuildList.Of(_store.View(), 0).Rows, row => Assert.Equal("paused", row[4].Text));
        Assert.Equal(["debian", "True", "pending", "00:00:00:07"], Texts(ImageStatusList.Of(_store.View(), TestStore.Now + 7).Usual));

        _store.Lock(NodepoolPaths.BuildsLock("debian"), "");
        Assert.Equal(["debian", "True", "building", "00:00:00:07"], Texts(ImageStatusList.Of(_store.View(), TestStore.Now + 7).Usual));
    }

    [Fact]
    public void LabelList_OfSeveralPools_HasEachLabelOnce()
    {
        _store.Put("h0000000001", new ComponentRecord { Kind = "pool", Hostname = "h", Id = "1", SupportedLabels = ["b", "a"] });
        _store.Put("h0000000002", new ComponentRecord { Kind = "pool", Hostname = "h", Id = "2", SupportedLabels = ["c", "a"] });
        _store.Put("h0000000003", new ComponentRecord { Kind = "builder", Hostname = "h" });

        Assert.Equal("""[{"label":"a"},{"label":"b"},{"label":"c"}]""", ListJson.Write(LabelList.Of(_store.View(), 0), indented: false));
    }

    [Fact]
    public void Only_UnknownFields_ArePassedOver()
    {
        PutNodes();

        var table = NodeList.Of(_store.View(), 0).Only(["state", "nonsense", "id"]);

        Assert.Equal(["id", "state"], table.Fields);
        Assert.Equal(["ID", "State"], table.Titles);
        Assert.Equal(["0000000001", "ready"], table.Rows[0].Select(cell => cell.Text));
    }

    private static string[] Texts(ListTable table) => [.. Assert.Single(table.Rows).Select(cell => cell.Text)];

    private void PutNodes()
    {
        _store.Put("0000000001", new NodeRecord
        {
            State = NodeState.Ready,
            StateTime = 1000,
            Type = ["debian"],
            Provider = "local",
            ExternalId = RawJson.FromText("vm-1"),
            PublicIPv4 = "127.0.0.1",
        });
        _store.Put("0000000002", new NodeRecord
        {
            State = NodeState.InUse,
            StateTime = 995.9,
            Type = ["debian", "extra"],
            Provider = "cloud",
            Pool = "main",
            PublicIPv6 = "::1",
            ExternalId = RawJson.FromUtf8("""{"host":7}"""u8),
            ConnectionPort = RawJson.FromUtf8("""{"token":"secret"}"""u8),
            AllocatedTo = "200-0000000004",
            Comment = "a\nb",
            UserData = RawJson.FromUtf8("""{"who":340282366920938463463374607431768211455}"""u8),
        });
        _store.Lock(NodepoolPaths.NodeLock("0000000002"), "zuul");
    }

    private void PutImages()
    {
        _store.Put("debian", "b1", new ImageBuildRecord { State = ImageState.Ready, StateTime = 900 });
        _store.Put("debian", "b2", new ImageBuildRecord { State = ImageState.Ready, StateTime = 980, Builder = "host", Formats = ["qcow2", "raw"] });
        _store.Put("debian", "b1", "local", "0000000001", new ImageUploadRecord { State = ImageState.Ready, StateTime = 910, ExternalId = "img-1", ExternalName = "debian-900" });
        _store.Put("debian", "b2", "local", "0000000001", new ImageUploadRecord { State = ImageState.Uploading, StateTime = 990 });
    }
}
