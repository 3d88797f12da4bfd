namespace Nodepool.Core.Model;

/// <summary>Where everything lies in the state tree. The only place that knows.</summary>
public static class NodepoolPaths
{
    /// <summary>Root of all.</summary>
    public const string Root = "/nodepool";

    /// <summary>Parent of the node records.</summary>
    public const string Nodes = Root + "/nodes";

    /// <summary>Parent of the request records.</summary>
    public const string Requests = Root + "/requests";

    /// <summary>Parent of the request locks.</summary>
    public const string RequestLocks = Root + "/requests-lock";

    /// <summary>Parent of the images.</summary>
    public const string Images = Root + "/images";

    /// <summary>Parent of the component kinds.</summary>
    public const string Components = Root + "/components";

    /// <summary>Parent of what running processes tell of themselves (an addition of this product).</summary>
    public const string Processes = Root + "/processes";

    /// <summary>Parent of the leases by which launchers share the work (an addition of this product).</summary>
    public const string Leases = Root + "/leases";

    /// <summary>Parent of the jobs whose nodes are wanted when they fail (an addition of this product).</summary>
    public const string Jobs = Root + "/jobs";

    /// <summary>Parent of what pools decide on besides the records (an addition of this product).</summary>
    public const string Terms = Root + "/terms";

    /// <summary>Prefix for a new, sequential entry with the terms of a pool.</summary>
    public const string NewPoolTerms = Terms + "/pool-";

    /// <summary>Parent of the marks of providers that shall become empty (an addition of this product).</summary>
    public const string Drains = Root + "/drains";

    /// <summary>Parent of the ledger entries of tenants (an addition of this product).</summary>
    public const string TenantLedgers = Root + "/ledger/tenants";

    /// <summary>Prefix for a new, sequential job record.</summary>
    public const string NewJob = Jobs + "/";

    /// <summary>Prefix for a new, sequential node record.</summary>
    public const string NewNode = Nodes + "/";

    /// <summary>A node record.</summary>
    public static string Node(string id) => $"{Nodes}/{id}";

    /// <summary>Lock directory of a node.</summary>
    public static string NodeLock(string id) => $"{Nodes}/{id}/lock";

    /// <summary>A request record.</summary>
    public static string Request(string id) => $"{Requests}/{id}";

    /// <summary>Prefix for a new, sequential request of a priority (0–999; Zuul pads to three digits).</summary>
    public static string NewRequest(int priority) => $"{Requests}/{priority:000}-";

    /// <summary>Lock directory of a request; not below the request, because clients delete that without recursion.</summary>
    public static string RequestLock(string id) => $"{RequestLocks}/{id}";

    /// <summary>A job record.</summary>
    public static string Job(string id) => $"{Jobs}/{id}";

    /// <summary>An image.</summary>
    public static string Image(string image) => $"{Images}/{image}";

    /// <summary>Flag: no builds of this image.</summary>
    public static string ImagePause(string image) => $"{Images}/{image}/pause";

    /// <summary>Flag: somebody wants a build now.</summary>
    public static string BuildRequest(string image) => $"{Images}/{image}/request-build";

    /// <summary>What is trusted and on trial of an image at a provider, for a label or for all without a section of their own (an addition of this product).</summary>
    public static string Canary(string image, CanaryScope scope) => scope.Label is { } label
        ? $"{Images}/{image}/label-canaries/{scope.Provider}/={Uri.EscapeDataString(label)}"
        : $"{Images}/{image}/canaries/{scope.Provider}";

    /// <summary>Lock directory for building an image: one build at a time, over all builders.</summary>
    public static string BuildsLock(string image) => $"{Images}/{image}/builds/lock";

    /// <summary>Parent of an image's builds, and of their lock.</summary>
    public static string Builds(string image) => $"{Images}/{image}/builds";

    /// <summary>A build record.</summary>
    public static string Build(string image, string build) => $"{Images}/{image}/builds/{build}";

    /// <summary>Everything about a build at a provider.</summary>
    public static string BuildAtProvider(string image, string build, string provider) => $"{Build(image, build)}/providers/{provider}";

    /// <summary>Parent of the uploads of a build to a provider.</summary>
    public static string Uploads(string image, string build, string provider) => $"{BuildAtProvider(image, build, provider)}/images";

    /// <summary>Lock directory for uploading a build to a provider.</summary>
    public static string UploadsLock(string image, string build, string provider) => $"{Uploads(image, build, provider)}/lock";

    /// <summary>An upload record.</summary>
    public static string Upload(string image, string build, string provider, string upload) => $"{Uploads(image, build, provider)}/{upload}";

    /// <summary>Prefix for a new component registration.</summary>
    public static string NewComponent(string kind, string hostname) => $"{Components}/{kind}/{hostname}";

    /// <summary>Prefix for a new process registration.</summary>
    public static string NewProcess(string hostname) => $"{Processes}/{hostname}-";

    /// <summary>Lock directory of the right to run a pool.</summary>
    public static string PoolLease(string provider, string pool) => $"{Leases}/pools/{provider}/{pool}";

    /// <summary>Lock directory of the right to do a duty that only one launcher may do at a time.</summary>
    public static string DutyLease(string duty) => $"{Leases}/duties/{duty}";

    /// <summary>The ledger entry of a tenant, whose name may hold any character.</summary>
    public static string TenantLedger(string tenant) => $"{TenantLedgers}/={Uri.EscapeDataString(tenant)}";

    /// <summary>The mark of a provider that shall become empty; its name may hold any character.</summary>
    public static string Drain(string provider) => $"{Drains}/={Uri.EscapeDataString(provider)}";

    /// <summary>The name that a part of a path stands for where any character is allowed; it begins with a sign because no part may be <c>.</c> or <c>..</c>.</summary>
    public static string NameIn(string part) => Uri.UnescapeDataString(part.TrimStart('='));

    /// <summary>The last part of a path.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
