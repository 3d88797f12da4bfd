using Nodepool.Core.State;
using Nodepool.State.Tree;

namespace Nodepool.State.Sqlite;

/// <summary>
/// The one thread that writes. It takes all jobs that wait into one transaction: a transaction costs several times what a
/// commit in it does, so the more there is to do the cheaper each becomes. A commit that does not fit the tree applies nothing
/// and does not disturb the others.
/// </summary>
internal sealed class SqliteWriter
{
    private readonly StoreTransaction _transaction;
    private readonly SessionFiles _files;
    private readonly Bell _bell;
    private readonly JobQueue _queue = new();
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private FileStream? _sessionFile;
    private long _session;
    private volatile bool _abandoned;

    public SqliteWriter(StoreTransaction transaction, SessionFiles files, Bell bell)
    {
        _transaction = transaction;
        _files = files;
        _bell = bell;
        _thread = new Thread(Loop) { Name = "state writer", IsBackground = true };
    }

    /// <summary>Called on the writer's thread after a transaction, with the store's position.</summary>
    public Action<long>? Committed { get; set; }

    /// <summary>Called when the session turned out to be gone from the store.</summary>
    public Action? SessionLost { get; set; }

    /// <summary>Id of the session, or 0 as long as nothing needed one.</summary>
    public long Session => Volatile.Read(ref _session);

    public void Start() => _thread.Start();

    /// <summary>Adds a job.</summary>
    /// <returns>False after the end; the job will not run.</returns>
    public bool TryAdd(IWriterJob job) => _queue.TryAdd(job);

    /// <summary>Does what was added before, ends the session and closes the store.</summary>
    public Task StopAsync()
    {
        _queue.Close(drop: false);
        return _stopped.Task;
    }

    /// <summary>Stops as the death of the process would: nothing is tidied up, the kernel's lock on the session is gone.</summary>
    public Task AbandonAsync()
    {
        _abandoned = true;
        foreach (var job in _queue.Close(drop: true))
        {
            job.Finish(SessionFault.Ended("the store"));
        }

        return _stopped.Task;
    }

    private void Loop()
    {
        var jobs = new List<IWriterJob>();
        while (_queue.Take(jobs, _bell.TimeToNextStroke))
        {
            jobs.RemoveAll(job => !job.Start());
            RunTogether(jobs);
            jobs.Clear();
            _bell.Swing();
        }

        if (!_abandoned && _session != 0)
        {
            RunTogether([new EndJob()]);
            _files.Remove(_session);
        }

        _bell.Strike();
        _sessionFile?.Dispose();
        _transaction.Dispose();
        _stopped.TrySetResult();
    }

    private void RunTogether(List<IWriterJob> jobs)
    {
        if (jobs.Count == 0)
        {
            return;
        }

        var fault = Run(jobs);
        if (fault is null)
        {
            _bell.Ask();
            Committed?.Invoke(_transaction.Position);
        }
        else if (jobs.Count > 1 && fault is not StateException { Fault: not StateFault.NoSpace })
        {
            // What is too large for the disk, or broken, is one of them: the others shall not suffer for it.
            jobs.ForEach(job => RunTogether([job]));
            return;
        }

        jobs.ForEach(job => job.Finish(fault is StateException one ? new StateException(one.Fault, one.Path, one.Message, one) : fault));
    }

    private Exception? Run(List<IWriterJob> jobs)
    {
        try
        {
            if (_session == 0 && jobs.Exists(job => job.NeedsSession))
            {
                Register();
            }

            _transaction.Begin();
            if (_session != 0 && !_transaction.HasSession(_session))
            {
                SessionLost?.Invoke();
                throw SessionFault.Ended("the store");
            }

            jobs.ForEach(job => job.Run(_transaction, _session));
            _transaction.Commit();
            return null;
        }
        catch (Exception e)
        {
            return RollBack() ?? e;
        }
    }

    /// <summary>Enters the session into the store. Its file is locked before anybody can see it and take it for dead.</summary>
    private void Register()
    {
        FileStream? file = null;
        var id = 0L;
        try
        {
            _transaction.Begin();
            _files.Sweep(_transaction.HasSession);
            while (file is null)
            {
                id = _transaction.AddSession();
                file = _files.Lock(id);
                if (file is null)
                {
                    _transaction.EndSession(id);
                }
            }

            _transaction.Commit();
            _sessionFile = file;
            Volatile.Write(ref _session, id);
        }
        catch
        {
            if (file is not null)
            {
                _files.Remove(id);
                file.Dispose();
            }

            throw;
        }
    }

    private StateException? RollBack()
    {
        try
        {
            _transaction.Rollback();
            return null;
        }
        catch (StateException e)
        {
            return e;
        }
    }

    /// <summary>Ends the writer's own session.</summary>
    private sealed class EndJob : IWriterJob
    {
        public bool NeedsSession => false;

        public bool Start() => true;

        public void Run(StoreTransaction transaction, long session) => transaction.EndSession(session);

        public void Finish(Exception? fault)
        {
            // Should it fail, the next living process ends the session: its file is unlocked in a moment.
        }
    }
}
