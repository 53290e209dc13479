using EdgeAgent.Configuration;
using System.Runtime.InteropServices;
using EdgeAgent.Core.Packets;
using Microsoft.Extensions.Logging;
using SharpPcap;

namespace EdgeAgent.Capture;

/// <summary>
/// Listens on one interface with a thread of its own: copies frames to the queue, reads the kernel's counters once a second,
/// and attaches again when the interface was lost.
/// </summary>
internal sealed class LiveCapture : IDisposable
{
    private static readonly TimeSpan AttachInterval = TimeSpan.FromSeconds(1);

    /// <summary>What was caught last may lie in a block that the kernel had not handed over when the interface was lost.</summary>
    private static readonly TimeSpan Unhanded = TimeSpan.FromMilliseconds(200);

    private const int WaitMilliseconds = 100;
    private const long StatisticsMilliseconds = 1_000;
    private const int MaxTaken = 1_024;
    private const string DownFault = "the interface is down";
    private const string LinkFault = "the interface has no link";

    private readonly LiveSourceOptions _options;
    private readonly CaptureScope _scope;
    private readonly int _number;
    private readonly PacketQueue _queue;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OutageLog _outages = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly InterfaceState _state;
    private LiveDevice? _device;
    private DropCounter _kernelDrops;
    private DropCounter _interfaceDrops;
    private long _packets;
    private DateTimeOffset _lastPacket;
    private DateTimeOffset _lastOpen;
    private DateTimeOffset _attachedAt;
    private long _attachedTick;
    private bool _isJustAttached;
    private volatile string? _fault = "not started";

    public LiveCapture(
        LiveSourceOptions options, CaptureScope scope, int number, PacketQueue queue, TimeProvider time, ILogger logger)
    {
        _options = options;
        _scope = scope;
        _number = number;
        _queue = queue;
        _time = time;
        _logger = logger;
        _state = new InterfaceState(options.Interface);
    }

    /// <summary>Ends when the thread has released the interface.</summary>
    public Task Ended => _ended.Task;

    /// <summary>From any thread.</summary>
    public SourceStatus Status
    {
        get
        {
            string? fault = _fault;
            return new SourceStatus(
                _options.Interface,
                fault is null,
                Interlocked.Read(ref _packets),
                _kernelDrops.Total,
                _interfaceDrops.Total,
                _queue.Drops(_number),
                fault)
            {
                Outages = _outages.All,
            };
        }
    }

    /// <summary>Opens the interface, so that a wrong name or a missing right is told at start.</summary>
    /// <exception cref="CaptureSourceException">It cannot be opened.</exception>
    public void Open()
    {
        _device = LiveDevice.Open(_options, _scope);
        OnAttached(_device);
    }

    /// <summary>Begins to listen.</summary>
    public void Start() => new Thread(Run) { IsBackground = true, Name = $"capture {_options.Interface}" }.Start();

    /// <summary>Asks the thread to end; see <see cref="Ended"/>.</summary>
    public void Stop() => _stop.Set();

    public void Dispose()
    {
        _device?.Dispose();
        _state.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stop.IsSet)
            {
                if (_device is null && !TryAttach())
                {
                    _stop.Wait(AttachInterval);
                    continue;
                }

                string? fault = Listen(_device!);
                Release();
                if (fault is not null)
                {
                    OnLost(fault);
                }
            }
        }
        finally
        {
            Release();
            _fault ??= "stopped";
            _logger.SourceReleased(_options.Interface, _packets, _kernelDrops.Total);
            _ended.SetResult();
        }
    }

    /// <summary>Copies frames until asked to stop.</summary>
    /// <returns>What went wrong, or null when it was asked to stop.</returns>
    private string? Listen(LiveDevice device)
    {
        long nextStatistics = 0;
        while (!_stop.IsSet)
        {
            int taken = TakeSome(device);
            if (taken < 0)
            {
                return device.LastError;
            }

            long now = Environment.TickCount64;
            if (now >= nextStatistics)
            {
                nextStatistics = now + StatisticsMilliseconds;
                ReadStatistics(device);
                if (!IsOpen())
                {
                    return DownFault;
                }
            }

            if (taken == 0)
            {
                device.Wait(WaitMilliseconds);
            }
        }

        ReadStatistics(device);
        return null;
    }

    /// <summary>Takes what lies in the ring, but not for ever: under load it is never empty, and drops must still be seen.</summary>
    /// <returns>Packets taken, or below 0 for a fault.</returns>
    private int TakeSome(LiveDevice device)
    {
        for (int taken = 0; taken < MaxTaken; taken++)
        {
            int result = device.TryTake(out IntPtr header, out IntPtr data);
            if (result <= 0)
            {
                return result < 0 ? result : taken;
            }

            Enqueue(device.Link, header, data);
        }

        return MaxTaken;
    }

    private void Enqueue(LinkType link, IntPtr header, IntPtr data)
    {
        DateTimeOffset at = LiveDevice.ReadHeader(header, out int capturedBytes, out int wireBytes);
        if (_isJustAttached && at < _attachedAt)
        {
            return; // of the time that is recorded as blind: record and figures agree
        }

        Interlocked.Increment(ref _packets);
        _isJustAttached = false;
        _lastPacket = at;
        if (_fault is not null)
        {
            OnLink(at);
        }

        byte[]? buffer = _queue.TryRent(_number, capturedBytes);
        if (buffer is not null)
        {
            Marshal.Copy(data, buffer, 0, capturedBytes);
            _queue.Write(new QueuedPacket(_number, at, link, buffer, capturedBytes, wireBytes));
        }
    }

    private void ReadStatistics(LiveDevice device)
    {
        try
        {
            ICaptureStatistics statistics = device.Statistics;
            _kernelDrops.Update(statistics.DroppedPackets);
            _interfaceDrops.Update(statistics.InterfaceDroppedPackets);
        }
        catch (PcapException)
        {
            // An interface that has just gone has no counters: the next read of a frame names the fault.
        }
    }

    private bool TryAttach()
    {
        if (_state.Look() == InterfaceSwitch.Off)
        {
            _fault = DownFault;
            return false;
        }

        try
        {
            _device = LiveDevice.Open(_options, _scope);
        }
        catch (CaptureSourceException exception)
        {
            _fault = exception.Message;
            return false;
        }

        _attachedAt = _time.GetUtcNow();
        _attachedTick = Environment.TickCount64;
        _isJustAttached = true;
        _outages.End(_attachedAt);
        OnAttached(_device);
        return true;
    }

    /// <summary>Looks whether packets can come, and notes a link that goes or comes; false when the interface was switched off.</summary>
    private bool IsOpen()
    {
        _isJustAttached &= Environment.TickCount64 - _attachedTick < StatisticsMilliseconds; // what comes later was caught since
        InterfaceSwitch state = _state.Look();
        if (state == InterfaceSwitch.NoLink && _fault is null)
        {
            OnLost(LinkFault);
        }
        else if (state == InterfaceSwitch.Open)
        {
            _lastOpen = _time.GetUtcNow();
            if (_fault is not null)
            {
                OnLink(_lastOpen);
            }
        }

        return state != InterfaceSwitch.Off;
    }

    /// <summary>The link is back; nothing was missed since, for the ring was never given up.</summary>
    private void OnLink(DateTimeOffset at)
    {
        _outages.End(at);
        _fault = null;
        _logger.LinkReturned(_options.Interface);
    }

    private void OnAttached(LiveDevice device)
    {
        _kernelDrops.Restart();
        _interfaceDrops.Restart();
        _lastOpen = _time.GetUtcNow();
        _fault = null;
        _logger.SourceAttached(_options.Interface, device.Link.ToString());
    }

    private void OnLost(string fault)
    {
        // What was taken shows that packets came; after it, or after the last look that found the interface open, nobody knows.
        DateTimeOffset taken = _lastPacket.AddTicks(1);
        DateTimeOffset open = _lastOpen - Unhanded;
        DateTimeOffset now = _time.GetUtcNow();
        _outages.Begin(taken > open && taken <= now ? taken : open < now ? open : now);
        _fault = fault;
        _logger.SourceLost(_options.Interface, fault, AttachInterval);
    }

    private void Release()
    {
        _device?.Dispose();
        _device = null;
    }
}
