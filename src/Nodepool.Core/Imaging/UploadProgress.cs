namespace Nodepool.Core.Imaging;

/// <summary>Keeps the share that is sent for whoever looks at the records, without a write for each block.</summary>
internal sealed class UploadProgress : IProgress<double>
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private double _share;

    public void Report(double value) => Volatile.Write(ref _share, value);

    /// <summary>Runs an upload; while it runs, a share that has changed is stored every ten seconds.</summary>
    /// <param name="upload">The upload; it may report on any thread.</param>
    /// <param name="store">Stores a share; its failures are its own business.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends both.</param>
    public static async ValueTask<string> WatchAsync(
        Func<IProgress<double>, ValueTask<string>> upload, Func<double, CancellationToken, ValueTask> store, TimeProvider time, CancellationToken ct)
    {
        var progress = new UploadProgress();
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var stored = progress.StoreAsync(store, time, watching.Token);
        try
        {
            return await upload(progress);
        }
        finally
        {
            watching.Cancel();
            await stored;
        }
    }

    private async Task StoreAsync(Func<double, CancellationToken, ValueTask> store, TimeProvider time, CancellationToken ct)
    {
        var last = 0.0;
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Period, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            if (!ct.IsCancellationRequested && Volatile.Read(ref _share) is var share && share > last)
            {
                await store(last = share, CancellationToken.None);
            }
        }
    }
}
