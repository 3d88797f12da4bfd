using Nodepool.Core.Model;
using Nodepool.Core.Model.Json;
using Nodepool.Core.State;

namespace Nodepool.Testing.Simulation;

/// <summary>Commits as one line of the trace.</summary>
internal static class CommitText
{
    public static string Of(IReadOnlyList<Write> writes, IReadOnlyList<string> created)
    {
        var next = 0;
        return string.Join("; ", writes.Select(write => write switch
        {
            Write.Create create => $"create {(next < created.Count ? created[next++] : create.Path + "?")}{What(create.Path, create.Data)}",
            Write.Set set => $"set {set.Path}{What(set.Path, set.Data)} @{set.Version}",
            Write.Delete delete => $"delete {delete.Path}",
            Write.Check check => $"check {check.Path}{(check.Version < 0 ? "" : $" @{check.Version}")}",
            _ => write.ToString(),
        })).Replace("/nodepool/", "/", StringComparison.Ordinal);
    }

    private static string What(string path, ReadOnlyMemory<byte> data)
    {
        try
        {
            if (path.StartsWith(NodepoolPaths.NewNode, StringComparison.Ordinal) && !data.IsEmpty)
            {
                var node = NodeRecord.Read(data.Span);
                return $" [{node.State.Word()} {node.Pool} {string.Join(',', node.Type)} for {node.AllocatedTo ?? "-"} {node.Launch?.Phase}#{node.Launch?.Attempt} {(node.ExternalId.AsText() is { } externalId ? externalId[..Math.Min(4, externalId.Length)] : null)}]";
            }

            if (path.StartsWith(NodepoolPaths.Requests + "/", StringComparison.Ordinal) && !data.IsEmpty)
            {
                var request = NodeRequestRecord.Read(data.Span);
                return $" [{request.State.Word()} {string.Join(',', request.NodeTypes)} p{request.RelativePriority} nodes {string.Join(',', request.Nodes)}]";
            }
        }
        catch (RecordFormatException e)
        {
            return $" [unreadable: {e.Message}]";
        }

        return "";
    }
}
