namespace Nodepool.Logging.Python;

/// <summary>
/// Names of Python Nodepool's loggers for our categories, so that the levels of an existing log configuration reach what they were meant for.
/// </summary>
internal static class PythonLoggerName
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["min-ready"] = "nodepool.NodePool",
        ["housekeeping"] = "nodepool.CleanupWorker",
        ["builds"] = "nodepool.builder.BuildWorker",
        ["uploads"] = "nodepool.builder.UploadWorker",
        ["retention"] = "nodepool.builder.CleanupWorker",
        ["web"] = "nodepool.webapp",
    };

    /// <summary>Everything of ours is below <c>nodepool</c>; categories of libraries keep their names.</summary>
    public static string Of(string category) =>
        Names.TryGetValue(category, out var name) ? name
        : category.StartsWith("pool ", StringComparison.Ordinal) ? $"nodepool.PoolWorker.{category[5..].Replace('/', '-')}"
        : category.StartsWith("provider ", StringComparison.Ordinal) ? $"nodepool.CleanupWorker.{category[9..]}"
        : category.StartsWith("Nodepool.State.", StringComparison.Ordinal) ? "nodepool.zk"
        : category.StartsWith("Nodepool.Providers.", StringComparison.Ordinal) ? "nodepool.driver"
        : category.StartsWith("Nodepool.", StringComparison.Ordinal) ? "nodepool"
        : category.Contains('.', StringComparison.Ordinal) ? category
        : $"nodepool.{category}";
}
