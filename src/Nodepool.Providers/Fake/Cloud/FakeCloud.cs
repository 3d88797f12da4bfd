using Nodepool.Core;
using Nodepool.Core.Collections;
using Nodepool.Core.Providers;

namespace Nodepool.Providers.Fake.Cloud;

/// <summary>
/// A cloud inside the process, or with a file one of several processes: instances, images, limits, and every kind of trouble that <see cref="FakeCloudBehaviour"/> describes.
/// Thread-safe. It has no thread and no timer of its own: used on one thread with one clock, the same calls give the same answers.
/// </summary>
/// <remarks>
/// What a call changes is changed before the call waits for its latency: a caller that dies while it waits has lost the answer, not the effect.
/// </remarks>
/// <param name="sources">Time, ids and chance.</param>
/// <param name="file">Where its instances are kept, so that others share them and they outlive the process; null for inside the process.</param>
public sealed class FakeCloud(Sources sources, string? file = null)
{
    private const int RememberedCalls = 10_000;

    private readonly Lock _gate = new();
    private readonly FakeServers _servers = new(sources);
    private readonly FakeLedger? _ledger = file is null ? null : new(file, sources);
    private readonly FakeImages _images = new(sources);
    private readonly Queue<FakeCall> _calls = new();
    private readonly Dictionary<FakeOperation, long> _counts = [];

    /// <summary>How it behaves.</summary>
    public FakeCloudBehaviour Behaviour { get; } = new();

    /// <summary>The last calls, oldest first; at most 10,000.</summary>
    public IReadOnlyList<FakeCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Everything that exists, also what listings do not show yet; for tests: no call.</summary>
    public FakeListing Truth
    {
        get
        {
            lock (_gate)
            {
                return new([.. _servers.All(Now)], [.. _images.All]);
            }
        }
    }

    /// <summary>What its instances use together; for tests: no call.</summary>
    public Quota Used
    {
        get
        {
            lock (_gate)
            {
                return _servers.Used(Now);
            }
        }
    }

    /// <summary>The time it is there.</summary>
    public DateTimeOffset Now => sources.Time.GetUtcNow();

    /// <summary>How many calls of that kind there were, also those that <see cref="Calls"/> has forgotten.</summary>
    public long Count(FakeOperation operation)
    {
        lock (_gate)
        {
            return _counts.GetValueOrDefault(operation);
        }
    }

    /// <summary>The instance with that address, or null; for scanners: no call.</summary>
    public FakeServer? At(string address)
    {
        lock (_gate)
        {
            return _servers.At(address, Now);
        }
    }

    /// <summary>Creates an instance, or finds the one that this token already made.</summary>
    /// <exception cref="ProviderException">QuotaExceeded; Rejected for an unknown image; whatever the behaviour says.</exception>
    public ValueTask<FakeServer> CreateAsync(FakeServerOrder order, CancellationToken ct) =>
        CallAsync(FakeOperation.Create, order.Token, fate =>
        {
            if (Behaviour.ChecksImages && order.ImageId is { } image && !_images.IsReady(image))
            {
                throw new ProviderException(ProviderFault.Rejected, $"the cloud has no image '{image}': upload it again");
            }

            return _servers.Create(order, fate, Behaviour, Now);
        }, ct);

    /// <summary>The instance with that id, or null.</summary>
    public ValueTask<FakeServer?> GetAsync(string id, CancellationToken ct) =>
        CallAsync(FakeOperation.Get, id, _ => _servers.Find(id, Now), ct);

    /// <summary>What listings show.</summary>
    public ValueTask<FakeListing> ListAsync(CancellationToken ct) =>
        CallAsync(FakeOperation.List, "", _ => new FakeListing([.. _servers.Listed(Now)], [.. _images.All]), ct);

    /// <summary>The instance of that client token as far as listings show it, or null.</summary>
    public ValueTask<FakeServer?> FindAsync(string token, CancellationToken ct) =>
        CallAsync(FakeOperation.List, token, _ => _servers.FindListed(token, Now), ct);

    /// <summary>Begins to delete an instance.</summary>
    /// <returns>The instance as it is now; null when it does not exist (any more).</returns>
    public ValueTask<FakeServer?> DeleteAsync(string id, CancellationToken ct) =>
        CallAsync(FakeOperation.Delete, id, _ => _servers.Delete(id, Behaviour.DeleteLatency, Now), ct);

    /// <summary>Uploads an image. A caller that dies meanwhile leaves an image that never gets ready.</summary>
    /// <exception cref="ProviderException">Rejected when the name is taken; whatever the behaviour says.</exception>
    public async ValueTask<FakeImage> UploadAsync(string name, ValueMap<string> metadata, IProgress<double> progress, CancellationToken ct)
    {
        var fate = FakeFate.Normal;
        var begun = await CallAsync(FakeOperation.Upload, name, met =>
        {
            fate = met;
            return _images.Begin(name, metadata);
        }, ct, losesAnswer: false);
        await DelayAsync(Behaviour.UploadLatency / 2, ct);
        progress.Report(0.5);
        await DelayAsync(Behaviour.UploadLatency / 2, ct);
        lock (_gate)
        {
            begun = _images.Finish(begun.Id);
        }

        return fate.LosesAnswer ? throw AnswerLost(FakeOperation.Upload) : begun;
    }

    /// <summary>Deletes an image; false when there is none.</summary>
    public ValueTask<bool> DeleteImageAsync(string id, CancellationToken ct) =>
        CallAsync(FakeOperation.DeleteImage, id, _ => _images.Delete(id), ct);

    /// <summary>The limits in force.</summary>
    public ValueTask<Quota> GetLimitsAsync(CancellationToken ct) =>
        CallAsync(FakeOperation.Limits, "", _ => Behaviour.Limits, ct);

    /// <summary>Console log of an instance; null when it does not exist or has not begun to run.</summary>
    public ValueTask<string?> GetConsoleAsync(string id, CancellationToken ct) =>
        CallAsync(FakeOperation.Console, id, _ => _servers.Console(id, Now), ct);

    private static ProviderException AnswerLost(FakeOperation operation) =>
        new(ProviderFault.Unavailable, $"the answer to '{operation}' was lost; the fake cloud was told to lose it: try again");

    private async ValueTask<T> CallAsync<T>(
        FakeOperation operation, string subject, Func<FakeFate, T> act, CancellationToken ct, bool losesAnswer = true)
    {
        ct.ThrowIfCancellationRequested();
        FakeFate fate;
        T result = default!;
        ProviderException? refusal = null;
        using (var open = _ledger is null ? null : await _ledger.EnterAsync(ct))
        {
            lock (_gate)
            {
                Share(open);
                fate = Behaviour.Draw(operation, subject, sources.Random);
                Record(new FakeCall(Now, operation, subject, fate));
                try
                {
                    if (fate.Fault is { } fault)
                    {
                        refusal = new(fault, $"'{operation}' fails; the fake cloud was told to answer {fault}");
                    }
                    else
                    {
                        result = act(fate);
                    }
                }
                catch (ProviderException e)
                {
                    refusal = e;
                }
            }
        }

        await DelayAsync(Behaviour.ApiLatency + fate.InFlight, ct);
        if (refusal is not null)
        {
            throw refusal;
        }

        return fate.LosesAnswer && losesAnswer ? throw AnswerLost(operation) : result;
    }

    private void Share(FileStream? open)
    {
        if (open is null)
        {
            return;
        }

        foreach (var server in _ledger!.ReadNew(open))
        {
            _servers.Put(server);
        }

        _servers.Changed = server => _ledger.Add(open, server);
    }

    private Task DelayAsync(TimeSpan time, CancellationToken ct) =>
        time > TimeSpan.Zero ? Task.Delay(time, sources.Time, ct) : Task.CompletedTask;

    private void Record(FakeCall call)
    {
        _counts[call.Operation] = _counts.GetValueOrDefault(call.Operation) + 1;
        _calls.Enqueue(call);
        if (_calls.Count > RememberedCalls)
        {
            _calls.Dequeue();
        }
    }
}
