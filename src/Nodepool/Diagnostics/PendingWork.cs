using System.Diagnostics;
using System.Text;
using Microsoft.Diagnostics.Runtime;

namespace Nodepool.Diagnostics;

/// <summary>
/// Async methods that wait for something: no thread has them, only the heap. Each is a state machine in a box that is also the task which its
/// caller waits for, so that from the innermost one the callers can be followed outwards like the frames of a stack.
/// </summary>
internal static class PendingWork
{
    private const int MostStacks = 200;
    private const int MostFrames = 32;

    /// <summary>Flags of a task that has ended: with a result, with an exception, cancelled. Its box is emptied then.</summary>
    private const int Ended = 0x1000000 | 0x200000 | 0x400000;

    /// <summary>A large heap is searched for so long; what was found by then is told.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Appends all of them, those of equal stacks once with their number, the most frequent first.</summary>
    public static void Append(StringBuilder text, ClrHeap heap)
    {
        var boxes = Boxes(heap, out var isCut);
        var awaited = boxes.Select(Awaiter).Where(awaiter => awaiter.IsValid).Select(awaiter => awaiter.Address).ToHashSet();
        var stacks = boxes.Where(box => !awaited.Contains(box.Address)).Select(Stack).GroupBy(stack => stack, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        text.Append($"{boxes.Count} async methods wait, in {stacks.Count} different stacks{(isCut ? " (the heap was not searched to its end)" : "")}\n");
        foreach (var stack in stacks.Take(MostStacks))
        {
            text.Append($"waiting {stack.Count()}x\n{stack.Key}");
        }

        if (stacks.Count > MostStacks)
        {
            text.Append($"and {stacks.Count - MostStacks} more stacks\n");
        }
    }

    private static List<ClrObject> Boxes(ClrHeap heap, out bool isCut)
    {
        var start = Stopwatch.GetTimestamp();
        var boxes = new List<ClrObject>();
        isCut = false;
        foreach (var one in heap.EnumerateObjects())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
            {
                isCut = true;
                break;
            }

            if (IsBox(one) && !HasEnded(one) && State(one) >= 0)
            {
                boxes.Add(one);
            }
        }

        return boxes;
    }

    private static bool IsBox(ClrObject one) => one is { IsValid: true, Type.Name: { } name } && name.Contains("StateMachineBox<", StringComparison.Ordinal);

    private static bool HasEnded(ClrObject box) => box.Type!.GetFieldByName("m_stateFlags") is { } flags && (flags.Read<int>(box.Address, interior: false) & Ended) != 0;

    /// <summary>Number of the await that it waits at; below 0 it runs, has not begun or has ended.</summary>
    private static int State(ClrObject box) => Machine(box) is var (type, address, isInner) && type.GetFieldByName("<>1__state") is { } state
        ? state.Read<int>(address, isInner)
        : -1;

    private static (ClrType Type, ulong Address, bool IsInner)? Machine(ClrObject box)
    {
        if (box.Type?.GetFieldByName("StateMachine") is not { } field)
        {
            return null;
        }

        // Optimized code has a structure in the box, other code an object beside it.
        if (field.IsValueType)
        {
            var value = box.ReadValueTypeField("StateMachine");
            return value.Type is null ? null : (value.Type, value.Address, true);
        }

        var beside = box.ReadObjectField("StateMachine");
        return beside.Type is null ? null : (beside.Type, beside.Address, false);
    }

    /// <summary>The box of the async method that waits for this one, past whatever stands between the two.</summary>
    private static ClrObject Awaiter(ClrObject box)
    {
        var next = Continuation(box);
        for (var depth = 0; depth < MostFrames && next is { IsValid: true, Type: not null } && !IsBox(next); depth++)
        {
            next = Continuation(next);
        }

        return next is { IsValid: true, Type: not null } && IsBox(next) ? next : default;
    }

    /// <summary>Tasks name who waits for them; delegates and their wrappers whom they call.</summary>
    private static ClrObject Continuation(ClrObject one)
    {
        foreach (var name in (string[])["m_continuationObject", "_continuationState", "m_action", "_target", "_task", "_promise"])
        {
            if (one.Type!.GetFieldByName(name) is { IsObjectReference: true } && one.ReadObjectField(name) is { IsNull: false } next)
            {
                return next;
            }
        }

        return default;
    }

    private static string Stack(ClrObject box)
    {
        var text = new StringBuilder();
        for (var depth = 0; depth < MostFrames && box is { IsValid: true, Type: not null }; depth++)
        {
            text.Append($"    in {AsyncMethodName.Of(Machine(box)?.Type.Name ?? box.Type.Name ?? "?")}, await {State(box)}\n");
            box = Awaiter(box);
        }

        return text.ToString();
    }
}
