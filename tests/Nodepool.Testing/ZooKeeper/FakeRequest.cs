using Nodepool.State.ZooKeeper.Client;

namespace Nodepool.Testing.ZooKeeper;

/// <summary>Reads a request as a server does, and does it.</summary>
internal static class FakeRequest
{
    /// <summary>Executes one request.</summary>
    /// <returns>The error, and what writes the body of the answer.</returns>
    public static (ErrorCode Error, Action<JuteWriter> Body) Execute(
        OpCode op, ref JuteReader reader, FakeConnection connection, FakeTree tree, Func<IReadOnlyList<Operation>, OperationResult[]> commit)
    {
        switch (op)
        {
            case OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.SetData or OpCode.Delete:
                var result = commit([ReadOperation(op, ref reader)])[0];
                return (result.Error, writer => WriteResult(op, result, writer));
            case OpCode.Multi:
                return Multi(ref reader, commit);
            case OpCode.MultiRead:
                return MultiRead(ref reader, tree);
            case OpCode.GetData or OpCode.Exists or OpCode.GetChildren:
                return Read(op, reader.ReadString(), tree);
            case OpCode.Sync:
                var synced = reader.ReadString();
                return (ErrorCode.Ok, writer => writer.WriteString(synced));
            case OpCode.AddWatch:
                connection.Watches.Add(reader.ReadString());
                return (ErrorCode.Ok, writer => writer.WriteInt(0));
            case OpCode.SetWatches2:
                _ = reader.ReadLong();
                for (var kind = 0; kind < 4; kind++)
                {
                    _ = reader.ReadStrings();
                }

                connection.Watches.UnionWith(reader.ReadStrings());
                return (ErrorCode.Ok, _ => { });
            case OpCode.CloseSession:
                return (ErrorCode.Ok, _ => { });
            default:
                return (ErrorCode.Unimplemented, _ => { });
        }
    }

    private static (ErrorCode Error, Action<JuteWriter> Body) Multi(ref JuteReader reader, Func<IReadOnlyList<Operation>, OperationResult[]> commit)
    {
        var operations = new List<Operation>();
        while (ReadHeader(ref reader) is { } op)
        {
            operations.Add(ReadOperation(op, ref reader));
        }

        var results = commit(operations);
        var isApplied = Array.TrueForAll(results, one => one.Error == ErrorCode.Ok);
        return (ErrorCode.Ok, Write);

        void Write(JuteWriter writer)
        {
            for (var i = 0; i < results.Length; i++)
            {
                WriteHeader(isApplied ? operations[i].Code : OpCode.Error, writer);
                if (isApplied)
                {
                    WriteResult(operations[i].Code, results[i], writer);
                }
                else
                {
                    writer.WriteInt((int)results[i].Error);
                }
            }

            WriteEnd(writer);
        }
    }

    private static (ErrorCode Error, Action<JuteWriter> Body) MultiRead(ref JuteReader reader, FakeTree tree)
    {
        var answers = new List<(OpCode Op, ErrorCode Error, Action<JuteWriter> Body)>();
        while (ReadHeader(ref reader) is { } op)
        {
            var path = reader.ReadString();
            _ = reader.ReadBool();
            var (error, body) = Read(op, path, tree);
            answers.Add((op, error, body));
        }

        return (ErrorCode.Ok, Write);

        void Write(JuteWriter writer)
        {
            foreach (var (op, error, body) in answers)
            {
                WriteHeader(error == ErrorCode.Ok ? op : OpCode.Error, writer);
                if (error == ErrorCode.Ok)
                {
                    body(writer);
                }
                else
                {
                    writer.WriteInt((int)error);
                }
            }

            WriteEnd(writer);
        }
    }

    private static (ErrorCode Error, Action<JuteWriter> Body) Read(OpCode op, string path, FakeTree tree)
    {
        if (tree.Find(path) is not { } node)
        {
            return (ErrorCode.NoNode, _ => { });
        }

        var children = op == OpCode.GetChildren ? tree.ChildrenOf(path) : [];
        return (ErrorCode.Ok, Write);

        void Write(JuteWriter writer)
        {
            switch (op)
            {
                case OpCode.GetData:
                    writer.WriteBuffer(node.Data);
                    node.Stat.Write(writer);
                    break;
                case OpCode.Exists:
                    node.Stat.Write(writer);
                    break;
                default:
                    writer.WriteInt(children.Length);
                    Array.ForEach(children, writer.WriteString);
                    break;
            }
        }
    }

    private static Operation ReadOperation(OpCode op, ref JuteReader reader)
    {
        var path = reader.ReadString();
        switch (op)
        {
            case OpCode.SetData:
                var data = reader.ReadBuffer();
                return new Operation.SetData(path, data, reader.ReadInt());
            case OpCode.Delete:
                return new Operation.Delete(path, reader.ReadInt());
            case OpCode.Check:
                return new Operation.Check(path, reader.ReadInt());
            default:
                var bytes = reader.ReadBuffer();
                for (var acls = reader.ReadInt(); acls > 0; acls--)
                {
                    _ = reader.ReadInt();
                    _ = reader.ReadString();
                    _ = reader.ReadString();
                }

                return new Operation.Create(path, bytes, (CreateMode)reader.ReadInt());
        }
    }

    private static void WriteResult(OpCode op, OperationResult result, JuteWriter writer)
    {
        if (result.Error != ErrorCode.Ok)
        {
            return;
        }

        if (result.Path is { } path)
        {
            writer.WriteString(path);
        }

        if (result.Stat is { } stat && op != OpCode.Create)
        {
            stat.Write(writer);
        }
    }

    private static OpCode? ReadHeader(ref JuteReader reader)
    {
        var op = (OpCode)reader.ReadInt();
        var isLast = reader.ReadBool();
        _ = reader.ReadInt();
        return isLast ? null : op;
    }

    private static void WriteHeader(OpCode op, JuteWriter writer)
    {
        writer.WriteInt((int)op);
        writer.WriteBool(false);
        writer.WriteInt(-1);
    }

    private static void WriteEnd(JuteWriter writer)
    {
        writer.WriteInt(-1);
        writer.WriteBool(true);
        writer.WriteInt(-1);
    }
}
