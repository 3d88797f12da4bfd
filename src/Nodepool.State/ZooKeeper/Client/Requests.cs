namespace Nodepool.State.ZooKeeper.Client;

/// <summary>The requests that the client knows.</summary>
internal static class Requests
{
    private const int PersistentRecursive = 1;

    /// <summary>One write alone, which costs less than a multi and tells the stat of a new node.</summary>
    /// <param name="operation">Not a check: the protocol knows it only within a multi.</param>
    /// <param name="settled"><see cref="TypedRequest{T}.Settled"/>.</param>
    public static TypedRequest<OperationResult> Single(Operation operation, Action<Reply<OperationResult>?>? settled = null) => operation switch
    {
        Operation.Create create => new(create.CodeAlone, create.Path, create.Write, DecodeCreated) { Settled = settled },
        Operation.SetData set => new(set.Code, set.Path, set.Write, DecodeStat) { Settled = settled },
        Operation.Delete delete => new(delete.Code, delete.Path, delete.Write, (ref _) => new OperationResult(ErrorCode.Ok)) { Settled = settled },
        _ => throw new ArgumentException($"{operation.Code} cannot be sent alone.", nameof(operation)),
    };

    /// <summary>Several writes, all or none. Its answer may say that nothing was applied: the results tell.</summary>
    /// <param name="operations">At least one.</param>
    /// <param name="settled"><see cref="TypedRequest{T}.Settled"/>.</param>
    public static TypedRequest<OperationResult[]> Multi(IReadOnlyList<Operation> operations, Action<Reply<OperationResult[]>?>? settled = null) =>
        new(OpCode.Multi, operations[0].Path, writer => EncodeMulti(operations, writer), (ref body) => DecodeMulti(operations.Count, ref body)) { Settled = settled };

    /// <summary>Makes a plain node, which may exist, at a path that is not below the chroot.</summary>
    public static TypedRequest<bool> MakeOutside(string absolutePath)
    {
        var create = new Operation.Create(absolutePath, ReadOnlyMemory<byte>.Empty, CreateMode.Persistent);
        return new(OpCode.Create, absolutePath, writer => create.WriteAt(writer.WriteString, writer), (ref _) => true) { AlsoAnswers = ErrorCode.NodeExists };
    }

    /// <summary>Data and stat of a node, which need not exist.</summary>
    public static TypedRequest<NodeRead> GetData(string path) =>
        new(OpCode.GetData, path, writer => EncodeUnwatched(path, writer), DecodeData) { AlsoAnswers = ErrorCode.NoNode };

    /// <summary>Stat of a node, which need not exist.</summary>
    public static TypedRequest<NodeRead> Exists(string path) =>
        new(OpCode.Exists, path, writer => EncodeUnwatched(path, writer), (ref body) => new NodeRead(true, [], NodeStat.Read(ref body), [])) { AlsoAnswers = ErrorCode.NoNode };

    /// <summary>Names of the children of a node, in no order; null when it does not exist.</summary>
    public static TypedRequest<string[]?> GetChildren(string path) =>
        new(OpCode.GetChildren, path, writer => EncodeUnwatched(path, writer), (ref body) => body.ReadStrings()) { AlsoAnswers = ErrorCode.NoNode };

    /// <summary>Several nodes at one moment.</summary>
    /// <param name="paths">The nodes, which need not exist.</param>
    /// <param name="withChildren">Whether the names of their children are wanted as well.</param>
    /// <param name="settled"><see cref="TypedRequest{T}.Settled"/>.</param>
    public static TypedRequest<NodeRead[]> ReadMany(IReadOnlyList<string> paths, bool withChildren, Action<Reply<NodeRead[]>?>? settled = null) =>
        new(OpCode.MultiRead, paths[0], writer => EncodeReads(paths, withChildren, writer), (ref body) => DecodeReads(paths.Count, withChildren, ref body)) { Settled = settled };

    /// <summary>The server catches up with its leader before it answers what is asked after this.</summary>
    public static TypedRequest<bool> Sync() => new(OpCode.Sync, "/", writer => writer.WritePath("/"), (ref _) => true);

    /// <summary>Watches a node, which need not exist, and everything below it.</summary>
    public static TypedRequest<bool> WatchRecursively(string path) => new(
        OpCode.AddWatch,
        path,
        writer =>
        {
            writer.WritePath(path);
            writer.WriteInt(PersistentRecursive);
        },
        (ref _) => true);

    /// <summary>Ends the session.</summary>
    public static TypedRequest<bool> Close() => new(OpCode.CloseSession, "/", _ => { }, (ref _) => true);

    private static void EncodeUnwatched(string path, JuteWriter writer)
    {
        writer.WritePath(path);
        writer.WriteBool(false);
    }

    private static void EncodeHeader(OpCode code, bool isLast, JuteWriter writer)
    {
        writer.WriteInt((int)code);
        writer.WriteBool(isLast);
        writer.WriteInt(-1);
    }

    private static void EncodeMulti(IReadOnlyList<Operation> operations, JuteWriter writer)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            EncodeHeader(operations[i].Code, isLast: false, writer);
            operations[i].Write(writer);
        }

        EncodeHeader(OpCode.Error, isLast: true, writer);
    }

    private static void EncodeReads(IReadOnlyList<string> paths, bool withChildren, JuteWriter writer)
    {
        for (var i = 0; i < paths.Count; i++)
        {
            EncodeHeader(OpCode.GetData, isLast: false, writer);
            EncodeUnwatched(paths[i], writer);
            if (withChildren)
            {
                EncodeHeader(OpCode.GetChildren, isLast: false, writer);
                EncodeUnwatched(paths[i], writer);
            }
        }

        EncodeHeader(OpCode.Error, isLast: true, writer);
    }

    private static OperationResult DecodeCreated(ref JuteReader body)
    {
        var path = body.ReadPath();
        return new OperationResult(ErrorCode.Ok, path, NodeStat.Read(ref body));
    }

    private static OperationResult DecodeStat(ref JuteReader body) => new(ErrorCode.Ok, Stat: NodeStat.Read(ref body));

    private static NodeRead DecodeData(ref JuteReader body)
    {
        var data = body.ReadBuffer();
        return new NodeRead(true, data, NodeStat.Read(ref body), []);
    }

    private static OperationResult[] DecodeMulti(int count, ref JuteReader body)
    {
        var results = new OperationResult[count];
        for (var i = 0; i < count; i++)
        {
            results[i] = ReadHeader(ref body) switch
            {
                OpCode.Create => new OperationResult(ErrorCode.Ok, body.ReadPath()),
                OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl => DecodeCreated(ref body),
                OpCode.SetData => DecodeStat(ref body),
                OpCode.Delete or OpCode.Check => new OperationResult(ErrorCode.Ok),
                OpCode.Error => new OperationResult((ErrorCode)body.ReadInt()),
                var other => throw new JuteException($"{other} is no result of a multi"),
            };
        }

        RequireEnd(ref body);
        return results;
    }

    private static NodeRead[] DecodeReads(int count, bool withChildren, ref JuteReader body)
    {
        var reads = new NodeRead[count];
        for (var i = 0; i < count; i++)
        {
            reads[i] = ReadResult(OpCode.GetData, ref body) ? DecodeData(ref body) : new NodeRead(false, [], default, []);
            if (withChildren && ReadResult(OpCode.GetChildren, ref body))
            {
                reads[i] = reads[i] with { Children = body.ReadStrings() };
            }
        }

        RequireEnd(ref body);
        return reads;
    }

    /// <returns>False when there is no such node.</returns>
    private static bool ReadResult(OpCode expected, ref JuteReader body)
    {
        var code = ReadHeader(ref body);
        if (code == expected)
        {
            return true;
        }

        // A node that we may not read is as good as none.
        var error = code == OpCode.Error ? (ErrorCode)body.ReadInt() : ErrorCode.MarshallingError;
        return error is ErrorCode.NoNode or ErrorCode.NoAuth ? false : throw new JuteException($"{code} ({error}) instead of the result of {expected}");
    }

    private static OpCode ReadHeader(ref JuteReader body)
    {
        var code = (OpCode)body.ReadInt();
        var isLast = body.ReadBool();
        _ = body.ReadInt();
        return isLast ? throw new JuteException("a list of results ends too early") : code;
    }

    private static void RequireEnd(ref JuteReader body)
    {
        _ = body.ReadInt();
        if (!body.ReadBool())
        {
            throw new JuteException("a list of results does not end");
        }
    }
}
