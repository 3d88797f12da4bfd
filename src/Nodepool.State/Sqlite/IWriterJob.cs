namespace Nodepool.State.Sqlite;

/// <summary>Something to be done in a transaction of the writer, which it may share with other jobs.</summary>
internal interface IWriterJob
{
    /// <summary>Whether the session must be registered before.</summary>
    bool NeedsSession { get; }

    /// <summary>Whether it is still wanted; asked once, when its turn has come.</summary>
    bool Start();

    /// <summary>Does it. May be called again in another transaction when the first could not be completed.</summary>
    void Run(StoreTransaction transaction, long session);

    /// <summary>The transaction is completed, or failed with <paramref name="fault"/> and nothing happened.</summary>
    void Finish(Exception? fault);
}
