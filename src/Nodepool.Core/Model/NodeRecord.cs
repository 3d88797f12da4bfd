using Nodepool.Core.Collections;
using Nodepool.Core.Model.Json;

namespace Nodepool.Core.Model;

/// <summary>
/// A node as it is stored at <c>/nodepool/nodes/&lt;id&gt;</c>. Zuul and Python launchers read and write the same JSON; its keys are
/// the names in <see cref="Write"/>. Times are Unix seconds.
/// </summary>
public sealed record NodeRecord
{
    /// <summary>What it is good for now.</summary>
    public required NodeState State { get; init; }

    /// <summary>When <see cref="State"/> was entered.</summary>
    public required double StateTime { get; init; }

    /// <summary>When the record was made.</summary>
    public double CreatedTime { get; init; }

    /// <summary>Label names; the first is the one that was asked for.</summary>
    public ValueList<string> Type { get; init; } = [];

    /// <summary>Name of its provider.</summary>
    public string? Provider { get; init; }

    /// <summary>Name of its pool.</summary>
    public string? Pool { get; init; }

    /// <summary>Id of the pool component that made it.</summary>
    public string? Launcher { get; init; }

    /// <summary>Request that it belongs to.</summary>
    public string? AllocatedTo { get; init; }

    /// <summary>The cloud's id; some drivers store an object.</summary>
    public RawJson ExternalId { get; init; }

    /// <summary>Name of the cloud.</summary>
    public string? Cloud { get; init; }

    /// <summary>Region.</summary>
    public string? Region { get; init; }

    /// <summary>Availability zone.</summary>
    public string? Az { get; init; }

    /// <summary>Hypervisor.</summary>
    public string? HostId { get; init; }

    /// <summary>Name of the host; set by the static driver only.</summary>
    public string? Hostname { get; init; }

    /// <summary>Address that clients connect to.</summary>
    public string? InterfaceIp { get; init; }

    /// <summary>Public IPv4 address.</summary>
    public string? PublicIPv4 { get; init; }

    /// <summary>Private IPv4 address.</summary>
    public string? PrivateIPv4 { get; init; }

    /// <summary>Public IPv6 address.</summary>
    public string? PublicIPv6 { get; init; }

    /// <summary>Number, or an object with credentials for kubectl, namespace and project nodes. Also stored as <c>ssh_port</c>.</summary>
    public RawJson ConnectionPort { get; init; } = RawJson.FromNumber(22);

    /// <summary><c>ssh</c>, <c>winrm</c>, …</summary>
    public string? ConnectionType { get; init; }

    /// <summary>Login user.</summary>
    public string Username { get; init; } = "zuul";

    /// <summary>Interpreter for Ansible.</summary>
    public string? PythonPath { get; init; }

    /// <summary>Shell for Ansible.</summary>
    public string? ShellType { get; init; }

    /// <summary>ssh host keys, <c>type base64</c>.</summary>
    public ValueList<string> HostKeys { get; init; } = [];

    /// <summary>Path of the image upload record, or name of the cloud image.</summary>
    public string? ImageId { get; init; }

    /// <summary>What it uses of quotas.</summary>
    public ValueMap<long>? Resources { get; init; }

    /// <summary>Slot of a shared machine.</summary>
    public int? Slot { get; init; }

    /// <summary>Values of <c>node-attributes</c>.</summary>
    public RawJson Attributes { get; init; }

    /// <summary>Copied from the request.</summary>
    public string? TenantName { get; init; }

    /// <summary>Copied from the request.</summary>
    public string? Requestor { get; init; }

    /// <summary>The driver's own; <see cref="Launch"/> takes its place when set.</summary>
    public RawJson DriverData { get; init; }

    /// <summary>How far our launch of it is; null for nodes made by other programs.</summary>
    public LaunchRecord? Launch { get; init; }

    /// <summary>The node whose slot it is; null for a machine of its own.</summary>
    public SlotPlace? Place { get; init; }

    /// <summary>Why it is held, for people.</summary>
    public string? Comment { get; init; }

    /// <summary>Job that it is held for.</summary>
    public string? HoldJob { get; init; }

    /// <summary>Seconds after <see cref="StateTime"/> at which a hold ends; null or 0 is never.</summary>
    public int? HoldExpiration { get; init; }

    /// <summary>The client's own.</summary>
    public RawJson UserData { get; init; }

    /// <summary>Its slots are nodes of another provider; takes the place of <see cref="UserData"/> when set.</summary>
    public BackingRecord? Backing { get; init; }

    /// <summary>Members that this version does not know; stored again as they were.</summary>
    public ValueMap<RawJson> Unknown { get; init; } = ValueMap<RawJson>.Empty;

    /// <summary>Idle: ready and nobody's.</summary>
    public bool IsIdle => State == NodeState.Ready && AllocatedTo is null;

    /// <summary><see cref="Resources"/> as a quota; one instance when nothing is stored.</summary>
    public Quota Cost => Resources is null ? OneInstance : new Quota(Resources);

    /// <summary>
    /// The node without its request. What may still be of use to anybody no longer counts for the tenant that it was meant for; what is
    /// about to go counts until it is gone.
    /// </summary>
    public NodeRecord Freed() => State is NodeState.Building or NodeState.Ready
        ? this with { AllocatedTo = null, TenantName = null, Requestor = null }
        : this with { AllocatedTo = null };

    private static Quota OneInstance { get; } = Quota.Of((Quota.Instances, 1));

    /// <summary>The same node in another state, entered at <paramref name="now"/> (Unix seconds).</summary>
    public NodeRecord To(NodeState state, double now) => this with { State = state, StateTime = now };

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="RecordFormatException">It cannot be understood.</exception>
    public static NodeRecord Read(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json);
        var driverData = fields.Raw("driver_data");
        var userData = fields.Raw("user_data");
        var port = fields.Raw("connection_port");
        var sshPort = fields.Raw("ssh_port");
        return new NodeRecord
        {
            State = Words.NodeState(fields.Text("state")),
            StateTime = fields.Number("state_time"),
            CreatedTime = fields.Number("created_time"),
            Type = fields.Texts("type"),
            Provider = fields.Text("provider"),
            Pool = fields.Text("pool"),
            Launcher = fields.Text("launcher"),
            AllocatedTo = fields.Text("allocated_to"),
            ExternalId = fields.Raw("external_id"),
            Cloud = fields.Text("cloud"),
            Region = fields.Text("region"),
            Az = fields.Text("az"),
            HostId = fields.Text("host_id"),
            Hostname = fields.Text("hostname"),
            InterfaceIp = fields.Text("interface_ip"),
            PublicIPv4 = fields.Text("public_ipv4"),
            PrivateIPv4 = fields.Text("private_ipv4"),
            PublicIPv6 = fields.Text("public_ipv6"),
            ConnectionPort = port.IsNull ? sshPort : port,
            ConnectionType = fields.Text("connection_type"),
            Username = fields.Text("username") ?? "zuul",
            PythonPath = fields.Text("python_path"),
            ShellType = fields.Text("shell_type"),
            HostKeys = fields.Texts("host_keys"),
            ImageId = fields.Text("image_id"),
            Resources = fields.Numbers("resources"),
            Slot = fields.OptionalInt("slot"),
            Attributes = fields.Raw("attributes"),
            TenantName = fields.Text("tenant_name"),
            Requestor = fields.Text("requestor"),
            DriverData = driverData,
            Launch = LaunchRecord.Read(driverData),
            Place = SlotPlace.Read(driverData),
            Comment = fields.Text("comment"),
            HoldJob = fields.Text("hold_job"),
            HoldExpiration = HoldSeconds(fields.Raw("hold_expiration")),
            UserData = userData,
            Backing = BackingRecord.Read(userData),
            Unknown = fields.Rest(),
        };
    }

    /// <summary>The stored form: keys, order and nulls as Python writes them.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        using var writer = new JsonRecordWriter();
        writer.Text("state", State.Word()).Number("state_time", StateTime)
            .Text("cloud", Cloud).Text("provider", Provider).Text("pool", Pool).Texts("type", Type).Text("allocated_to", AllocatedTo)
            .Text("az", Az).Text("region", Region)
            .Text("public_ipv4", PublicIPv4).Text("private_ipv4", PrivateIPv4).Text("public_ipv6", PublicIPv6)
            .Text("host_id", HostId).Text("interface_ip", InterfaceIp)
            .Raw("connection_port", ConnectionPort).Raw("ssh_port", ConnectionPort)
            .Text("image_id", ImageId).Text("launcher", Launcher).Number("created_time", CreatedTime)
            .Raw("external_id", ExternalId).Text("hostname", Hostname).Text("comment", Comment)
            .Raw("user_data", Backing is null ? UserData : Backing.Write()).Text("hold_job", HoldJob).Texts("host_keys", HostKeys)
            .Text("username", Username).Text("connection_type", ConnectionType).Text("shell_type", ShellType)
            .Int("hold_expiration", HoldExpiration).Numbers("resources", Resources).Int("slot", Slot)
            .Raw("attributes", Attributes).Text("python_path", PythonPath).Text("tenant_name", TenantName)
            .Raw("driver_data", Launch is null ? DriverData : Launch.Write(Place)).Text("requestor", Requestor);
        return writer.Finish(Unknown);
    }

    /// <summary>Peers coerce this value to a number and read what cannot be coerced as "no expiry".</summary>
    private static int? HoldSeconds(RawJson value) =>
        value.IsNull ? null
        : double.TryParse(value.AsText() ?? value.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var seconds) ? (int)seconds
        : 0;
}
