namespace Nodepool.Providers.OpenStack.Access.Identity;

/// <summary>
/// Something that is worked out once for all who ask while that goes on; its result is kept, a failure is told to all who waited and forgotten.
/// Who stops waiting does not stop it for the others. Thread-safe.
/// </summary>
internal sealed class SharedRun<T>
{
    private readonly Lock _lock = new();
    private Task<T>? _run;

    /// <summary>The result, or the wait for it.</summary>
    public async ValueTask<T> GetAsync(Func<Task<T>> work, CancellationToken ct)
    {
        Task<T> run;
        lock (_lock)
        {
            run = _run = _run is null or { IsFaulted: true } or { IsCanceled: true } ? work() : _run;
        }

        return run.IsCompletedSuccessfully ? run.Result : await run.WaitAsync(ct).ConfigureAwait(false);
    }
}
