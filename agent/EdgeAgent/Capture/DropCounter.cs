namespace EdgeAgent.Capture;

/// <summary>
/// Makes a running total of a libpcap counter, which has 32 bits and begins anew with every handle. One writer; the total is
/// read from any thread.
/// </summary>
internal struct DropCounter
{
    private long _total;
    private uint _last;

    public readonly long Total => Volatile.Read(in _total);

    public void Update(uint counter)
    {
        Volatile.Write(ref _total, _total + unchecked(counter - _last));
        _last = counter;
    }

    public void Restart() => _last = 0;
}
