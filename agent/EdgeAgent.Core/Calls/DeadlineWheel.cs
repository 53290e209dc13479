namespace EdgeAgent.Core.Calls;

/// <summary>
/// Deadlines of all calls, one second apart, without allocation: a ring of intrusive lists. A deadline put off is not moved; it is
/// looked at when its old second comes and goes back on the ring, so that a message costs nothing here. Not thread-safe.
/// </summary>
internal sealed class DeadlineWheel
{
    private const int Slots = 512;
    private readonly Call?[] _slots = new Call?[Slots];
    private long _second = -1;

    /// <summary>Sets the call's deadline.</summary>
    public void Arm(Call call, DateTimeOffset deadline)
    {
        call.Deadline = deadline;
        long second = SecondAfter(deadline);
        if (call.IsOnWheel)
        {
            if (second >= call.WheelSecond)
            {
                return;
            }

            Unlink(call);
        }

        Link(call, second);
    }

    /// <summary>Takes the call off the wheel.</summary>
    public void Remove(Call call)
    {
        if (call.IsOnWheel)
        {
            Unlink(call);
        }
    }

    /// <summary>Takes off one call whose deadline is not after <paramref name="now"/>; null when there is none (left).</summary>
    public Call? TakeDue(DateTimeOffset now)
    {
        long target = now.Ticks / TimeSpan.TicksPerSecond;

        // After a long gap, and at the first look of all, every slot is looked at once, not once per second of the gap.
        _second = Math.Max(_second, target - Slots + 1);
        for (; _second <= target; _second++)
        {
            Call? due = TakeDueFrom((int)(_second % Slots), now, target);
            if (due is not null)
            {
                return due;
            }
        }

        return null;
    }

    /// <summary>The call nearest its deadline; null when the wheel is empty.</summary>
    public Call? Nearest()
    {
        Call? any = null;
        for (long second = Math.Max(_second, 0), last = second + Slots; second < last; second++)
        {
            for (Call? call = _slots[(int)(second % Slots)]; call is not null; call = call.WheelNext)
            {
                if (call.WheelSecond == second)
                {
                    return call;
                }

                any = call;
            }
        }

        return any;
    }

    private static long SecondAfter(DateTimeOffset deadline) =>
        (deadline.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;

    private Call? TakeDueFrom(int slot, DateTimeOffset now, long target)
    {
        Call? call = _slots[slot];
        while (call is not null)
        {
            Call? next = call.WheelNext;
            if (call.WheelSecond <= target)
            {
                Unlink(call);
                if (call.Deadline <= now)
                {
                    return call;
                }

                Link(call, Math.Max(SecondAfter(call.Deadline), target + 1));
            }

            call = next;
        }

        return null;
    }

    private void Link(Call call, long second)
    {
        // A deadline already past when it is set comes up at the next look.
        call.WheelSecond = Math.Max(second, _second);
        ref Call? head = ref _slots[(int)(call.WheelSecond % Slots)];
        call.WheelPrevious = null;
        call.WheelNext = head;
        if (head is not null)
        {
            head.WheelPrevious = call;
        }

        head = call;
        call.IsOnWheel = true;
    }

    private void Unlink(Call call)
    {
        if (call.WheelPrevious is null)
        {
            _slots[(int)(call.WheelSecond % Slots)] = call.WheelNext;
        }
        else
        {
            call.WheelPrevious.WheelNext = call.WheelNext;
        }

        if (call.WheelNext is not null)
        {
            call.WheelNext.WheelPrevious = call.WheelPrevious;
        }

        call.WheelPrevious = null;
        call.WheelNext = null;
        call.IsOnWheel = false;
    }
}
