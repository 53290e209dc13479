using System.Runtime.InteropServices;
using EdgeAgent.Core.Metrics;

namespace EdgeAgent.Pipeline;

/// <summary>Reads the wall clock together with the clocks that nobody can set.</summary>
/// <param name="time">Wall and monotonic clock.</param>
internal sealed class SystemClocks(TimeProvider time)
{
    private const int BootTime = 7; // CLOCK_BOOTTIME of linux/time.h
    private const int Attempts = 4;

    /// <summary>Between two clocks read one after the other the thread may be held up; then they are read again.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(2);

    /// <summary>The clocks now.</summary>
    public ClockReading Read()
    {
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan before = Monotonic();
            TimeSpan boot = Boot() ?? before;
            DateTimeOffset wall = time.GetUtcNow();
            if (attempt == Attempts || Monotonic() - before <= Together)
            {
                return new ClockReading(wall, before, boot);
            }
        }
    }

    private TimeSpan Monotonic() => time.GetElapsedTime(0);

    /// <summary>Null where the host has no such clock, and under a clock that is not the host's.</summary>
    private TimeSpan? Boot()
    {
        if (!ReferenceEquals(time, TimeProvider.System) || !OperatingSystem.IsLinux() || GetTime(BootTime, out TimeSpecification now) != 0)
        {
            return null;
        }

        return TimeSpan.FromTicks((now.Seconds * TimeSpan.TicksPerSecond) + (now.Nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out TimeSpecification now);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpecification
    {
        private readonly nint _seconds;
        private readonly nint _nanoseconds;

        public long Seconds => _seconds;

        public long Nanoseconds => _nanoseconds;
    }
}
