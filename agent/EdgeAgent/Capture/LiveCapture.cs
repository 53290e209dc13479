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
    private static readonly TimeSpan AttachInterval = TimeSpan.FromSeconds(2);

    private const int WaitMilliseconds = 100;
    private const long StatisticsMilliseconds = 1_000;

    private readonly LiveSourceOptions _options;
    private readonly IReadOnlyCollection<int> _ports;
    private readonly int _number;
    private readonly PacketQueue _queue;
    private readonly ILogger _logger;
    private readonly ManualResetEventSlim _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LiveDevice? _device;
    private DropCounter _kernelDrops;
    private DropCounter _interfaceDrops;
    private long _packets;
    private volatile string? _fault = "not started";

    public LiveCapture(
        LiveSourceOptions options, IReadOnlyCollection<int> ports, int number, PacketQueue queue, ILogger logger)
    {
        _options = options;
        _ports = ports;
        _number = number;
        _queue = queue;
        _logger = logger;
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
                fault);
        }
    }

    /// <summary>Opens the interface, so that a wrong name or a missing right is told at start.</summary>
    /// <exception cref="CaptureSourceException">It cannot be opened.</exception>
    public void Open()
    {
        _device = LiveDevice.Open(_options, _ports);
        OnAttached(_device);
    }

    /// <summary>Begins to listen.</summary>
    public void Start() => new Thread(Run) { IsBackground = true, Name = $"capture {_options.Interface}" }.Start();

    /// <summary>Asks the thread to end; see <see cref="Ended"/>. A capture that was opened but not started ends here.</summary>
    public void Stop() => _stop.Set();

    public void Dispose()
    {
        _device?.Dispose();
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
            int taken = device.TryTake(out IntPtr header, out IntPtr data);
            if (taken > 0)
            {
                Enqueue(device.Link, header, data);
                continue;
            }

            if (taken < 0)
            {
                return device.LastError;
            }

            long now = Environment.TickCount64;
            if (now >= nextStatistics)
            {
                nextStatistics = now + StatisticsMilliseconds;
                ReadStatistics(device);
                if (InterfaceState.IsDown(_options.Interface))
                {
                    return "the interface is down";
                }
            }

            device.Wait(WaitMilliseconds);
        }

        ReadStatistics(device);
        return null;
    }

    private void Enqueue(LinkType link, IntPtr header, IntPtr data)
    {
        Interlocked.Increment(ref _packets);
        DateTimeOffset at = LiveDevice.ReadHeader(header, out int capturedBytes, out int wireBytes);
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
        if (InterfaceState.IsDown(_options.Interface))
        {
            _fault = "the interface is down";
            return false;
        }

        try
        {
            _device = LiveDevice.Open(_options, _ports);
        }
        catch (CaptureSourceException exception)
        {
            _fault = exception.Message;
            return false;
        }

        OnAttached(_device);
        return true;
    }

    private void OnAttached(LiveDevice device)
    {
        _kernelDrops.Restart();
        _interfaceDrops.Restart();
        _fault = null;
        _logger.SourceAttached(_options.Interface, device.Link.ToString());
    }

    private void OnLost(string fault)
    {
        _fault = fault;
        _logger.SourceLost(_options.Interface, fault, AttachInterval);
    }

    private void Release()
    {
        _device?.Dispose();
        _device = null;
    }
}
