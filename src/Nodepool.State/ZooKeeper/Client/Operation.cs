namespace Nodepool.State.ZooKeeper.Client;

/// <summary>One write, alone or as a part of a multi.</summary>
/// <param name="Path">The node.</param>
internal abstract record Operation(string Path)
{
    public const int AnyVersion = -1;

    // Nodepool and its peers let everybody do everything (world:anyone): who may reach the servers is told by their certificates.
    private const int AllPermissions = 31;

    /// <summary>What it is called in a multi.</summary>
    public abstract OpCode Code { get; }

    public abstract void Write(JuteWriter writer);

    public sealed record Create(string Path, ReadOnlyMemory<byte> Data, CreateMode Mode, long TtlMs = 0) : Operation(Path)
    {
        private bool HasTtl => Mode is CreateMode.PersistentTtl or CreateMode.PersistentSequentialTtl;

        public override OpCode Code => HasTtl ? OpCode.CreateTtl : Mode == CreateMode.Container ? OpCode.CreateContainer : OpCode.Create;

        /// <summary>What it is called alone: all of these answer with a stat.</summary>
        public OpCode CodeAlone => Code == OpCode.Create ? OpCode.Create2 : Code;

        public override void Write(JuteWriter writer) => WriteAt(writer.WritePath, writer);

        /// <summary>Writes it with its path as <paramref name="writePath"/> puts it.</summary>
        public void WriteAt(Action<string> writePath, JuteWriter writer)
        {
            writePath(Path);
            writer.WriteBuffer(Data.Span);
            writer.WriteInt(1);
            writer.WriteInt(AllPermissions);
            writer.WriteString("world");
            writer.WriteString("anyone");
            writer.WriteInt((int)Mode);
            if (HasTtl)
            {
                writer.WriteLong(TtlMs);
            }
        }
    }

    public sealed record SetData(string Path, ReadOnlyMemory<byte> Data, int Version) : Operation(Path)
    {
        public override OpCode Code => OpCode.SetData;

        public override void Write(JuteWriter writer)
        {
            writer.WritePath(Path);
            writer.WriteBuffer(Data.Span);
            writer.WriteInt(Version);
        }
    }

    public sealed record Delete(string Path, int Version) : Operation(Path)
    {
        public override OpCode Code => OpCode.Delete;

        public override void Write(JuteWriter writer)
        {
            writer.WritePath(Path);
            writer.WriteInt(Version);
        }
    }

    public sealed record Check(string Path, int Version) : Operation(Path)
    {
        public override OpCode Code => OpCode.Check;

        public override void Write(JuteWriter writer)
        {
            writer.WritePath(Path);
            writer.WriteInt(Version);
        }
    }
}
