namespace EdgeAgent.Core.Metrics;

/// <summary>
/// Tells suspicious silence from usual silence, by what one source showed at the same time of day before. Of each half-hour of legal calling
/// time it keeps the longest silence of the last five days on which that half-hour was observed whole. Silence is suspicious when at least
/// three such days are known and it has lasted, within one legal window, more than 5 minutes and twice the longest of them; in a
/// half-hour that was ever silent as a whole it is usual. It ends with the next message. A half-hour with suspicious silence is not learnt: silence must not make itself usual. Pure; minutes come in order.
/// </summary>
public sealed class SilenceBaseline
{
    private const int SlotMinutes = 30;
    private const int Slots = 24 * 60 / SlotMinutes;
    private const int MaxDays = 5;
    private const int MinDays = 3;
    private const int Patience = 5;

    private readonly byte[] _longest = new byte[Slots * MaxDays];
    private readonly byte[] _days = new byte[Slots];
    private DateTimeOffset _last;
    private (DateOnly Day, int Slot) _current = (default, -1);
    private int _slotMinutes;
    private int _slotRun;
    private int _slotLongest;
    private bool _isTainted;
    private int _silentMinutes;

    /// <summary>The silence that lasts is suspicious.</summary>
    public bool IsSilent { get; private set; }

    /// <summary>When the silence that lasts began.</summary>
    public DateTimeOffset SilentFrom { get; private set; }

    /// <summary>Takes one minute.</summary>
    /// <param name="start">Its first instant.</param>
    /// <param name="day">Civil day.</param>
    /// <param name="minuteOfDay">On the clocks of that day.</param>
    /// <param name="isLegal">In legal calling time.</param>
    /// <param name="isObserved">It was seen whole.</param>
    /// <param name="hasTraffic">The source showed something.</param>
    public void OnMinute(DateTimeOffset start, DateOnly day, int minuteOfDay, bool isLegal, bool isObserved, bool hasTraffic)
    {
        Enter((day, minuteOfDay / SlotMinutes));
        bool followsOn = start - _last == TimeSpan.FromMinutes(1);
        _last = start;
        if (hasTraffic)
        {
            IsSilent = false;
        }

        if (!isLegal || !isObserved)
        {
            _silentMinutes = 0;
            _isTainted = true; // not whole: nothing is learnt of it
            return;
        }

        _slotMinutes++;
        if (hasTraffic)
        {
            _silentMinutes = 0;
            _slotRun = 0;
            return;
        }

        _silentMinutes = followsOn ? _silentMinutes + 1 : 1;
        _slotRun = followsOn ? _slotRun + 1 : 1;
        _slotLongest = Math.Max(_slotLongest, _slotRun);
        if (!IsSilent)
        {
            SilentFrom = start - TimeSpan.FromMinutes(_silentMinutes - 1);
            int usual = UsualSilence(_current.Slot);
            IsSilent = _days[_current.Slot] >= MinDays && usual < SlotMinutes && _silentMinutes > Patience + (2 * usual);
        }

        _isTainted |= IsSilent;
    }

    /// <summary>Writes what was learnt.</summary>
    internal void Save(BinaryWriter writer)
    {
        writer.Write(_longest);
        writer.Write(_days);
        writer.Write(IsSilent);
        writer.Write(SilentFrom.UtcTicks);
    }

    /// <summary>Reads what <see cref="Save"/> wrote; the half-hour that was running is not learnt.</summary>
    internal void Load(BinaryReader reader)
    {
        reader.ReadBytes(_longest.Length).CopyTo(_longest, 0);
        reader.ReadBytes(_days.Length).CopyTo(_days, 0);
        IsSilent = reader.ReadBoolean();
        SilentFrom = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
    }

    private void Enter((DateOnly Day, int Slot) slot)
    {
        if (slot == _current)
        {
            return;
        }

        if (_current.Slot >= 0 && !_isTainted && _slotMinutes == SlotMinutes)
        {
            Span<byte> ofSlot = _longest.AsSpan(_current.Slot * MaxDays, MaxDays);
            ofSlot[1..].CopyTo(ofSlot);
            ofSlot[^1] = (byte)_slotLongest;
            _days[_current.Slot] = (byte)Math.Min(MaxDays, _days[_current.Slot] + 1);
        }

        _current = slot;
        _slotMinutes = 0;
        _slotRun = 0;
        _slotLongest = 0;
        _isTainted = IsSilent;
    }

    private int UsualSilence(int slot)
    {
        int longest = 0;
        foreach (byte minutes in _longest.AsSpan((slot * MaxDays) + MaxDays - _days[slot], _days[slot]))
        {
            longest = Math.Max(longest, minutes);
        }

        return longest;
    }
}
