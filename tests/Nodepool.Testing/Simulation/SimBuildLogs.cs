using Nodepool.Core.Config;
using Nodepool.Core.Images;

namespace Nodepool.Testing.Simulation;

/// <summary>Build logs that nobody reads.</summary>
internal sealed class SimBuildLogs : IBuildLogs
{
    public string New(NodepoolConfig config, string image, string build) => $"/logs/{image}-{build}.log";

    public string Tail(string path, int lines) => $"the end of {path}";
}
