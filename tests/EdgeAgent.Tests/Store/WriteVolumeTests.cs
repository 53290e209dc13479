using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>
/// What a day costs the disk, in bytes handed to the system; never in time. By hand and on a disk of one's own, with 50 calls a second on
/// 1,000 numbers: <c>EDGEAGENT_TEST_WRITE_VOLUME="50 1000 10 DIRECTORY"</c> and the test program.
/// </summary>
public sealed class WriteVolumeTests : IDisposable
{
    private const int CallsPerSecond = 10;
    private const int Numbers = 200;
    private const int Minutes = 6;

    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Run_BusyMinutes_WritesFewBytesForEachCallAndNoMoreAsTheDayGoesOn()
    {
        IReadOnlyList<(long Handed, long Device)> minutes = await WriteVolumeChild.RunAsync(
            _temporary.Options.Directory, CallsPerSecond, Numbers, Minutes, TestContext.Current.CancellationToken);

        minutes.Count.ShouldBe(Minutes);
        long last = minutes[^1].Handed;
        last.ShouldBeLessThan(450 * 60 * CallsPerSecond, "bytes for each call, records and sums included");
        last.ShouldBeLessThan(minutes[2].Handed * 5 / 4, "the third minute, in which as many calls were up");
    }
}
