using Nodepool.Core.Providers;

namespace Nodepool.Providers.Scanning;

/// <summary>Looks at a port again and again until it answers as wanted.</summary>
/// <param name="look">One look; told what to note meanwhile.</param>
/// <param name="time">The clock.</param>
internal sealed class PortWatch(Func<NodeScanOrder, Action<Sighting>, CancellationToken, Task<Sighting>> look, TimeProvider time)
{
    // Forwarders such as QEMU's user networking accept connections before the guest listens, and those are served late or never.
    private static readonly TimeSpan Eagerness = TimeSpan.FromMilliseconds(700);

    /// <summary>Returns when the port has answered.</summary>
    /// <remarks>
    /// A connection without a banner gets a rival after 0.7 s. The first such connection stays open beside the later ones, so that
    /// a server that is merely slow to speak is heard as well; there are never more than two.
    /// </remarks>
    public async Task WaitAsync(NodeScanOrder order, Action<Sighting> note, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task<Sighting>? patient = null;
        var passing = new Sighting(SightingKind.Nothing);
        var isFirst = true;
        try
        {
            while (true)
            {
                var eagerEnd = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                var eager = look(order, Meanwhile, eagerEnd.Token);
                (var isAnswered, patient) = await RaceAsync(eager, patient, Task.Delay(Eagerness, time, end.Token), note);
                if (isAnswered)
                {
                    return;
                }

                ct.ThrowIfCancellationRequested();
                isFirst = false;
                if (eager.IsCompleted)
                {
                    if (await AnsweredAsync(eager, note))
                    {
                        return;
                    }

                    await Task.Delay((await eager).Pause, time, ct);
                    continue;
                }

                note(passing);
                if (patient is null)
                {
                    patient = eager;
                }
                else
                {
                    eagerEnd.Cancel();
                }
            }
        }
        finally
        {
            end.Cancel();
        }

        // What a look sees on its way tells something only when it lasts, or when there is nothing else to tell.
        void Meanwhile(Sighting seen)
        {
            passing = seen;
            if (isFirst)
            {
                note(seen);
            }
        }
    }

    /// <summary>Waits until the new connection has ended or its time is over; meanwhile the patient one may still be answered.</summary>
    private static async Task<(bool IsAnswered, Task<Sighting>? Patient)> RaceAsync(Task<Sighting> eager, Task<Sighting>? patient, Task pace, Action<Sighting> note)
    {
        while (!eager.IsCompleted && !pace.IsCompleted)
        {
            await Task.WhenAny(eager, pace, patient ?? eager);
            if (patient is { IsCompleted: true } && await AnsweredAsync(patient, note))
            {
                return (true, patient);
            }

            patient = patient is { IsCompleted: true } ? null : patient;
        }

        return (false, patient);
    }

    private static async Task<bool> AnsweredAsync(Task<Sighting> look, Action<Sighting> note)
    {
        var seen = await look;
        note(seen);
        return seen.Kind == SightingKind.Answered;
    }
}
