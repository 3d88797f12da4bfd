namespace Nodepool.Testing.ZooKeeper;

/// <summary>What the fake server does with a request.</summary>
public enum FakeAnswer
{
    /// <summary>What it should.</summary>
    Right,

    /// <summary>Applies it and never answers.</summary>
    Silence,

    /// <summary>Closes the connection and has not applied it.</summary>
    CloseBefore,

    /// <summary>Applies it and closes the connection without an answer.</summary>
    CloseAfter,

    /// <summary>Sends half of the answer and closes the connection.</summary>
    Truncated,

    /// <summary>Answers another request.</summary>
    WrongXid,

    /// <summary>Answers with a body that cannot be understood.</summary>
    Garbage,

    /// <summary>Says that the answer is two gigabytes long.</summary>
    Endless,
}
