using System.Text;
using EdgeAgent.Core.Calls;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

/// <summary>What a saved call is made of comes back as it was, and takes what it must and little more.</summary>
public sealed class CallStateTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 10, 0, 30, TimeSpan.Zero);

    [Property]
    public void Read_AnyText_GivesIt(byte[] text) => TextAgain(text).Text.ShouldBe(text);

    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 4)]
    [InlineData("abc", 6)]
    [InlineData("as7b3c01f2", 9)]
    [InlineData("0f8fad5b-d9cb-469f-a165-70867728950e", 31)]
    [InlineData("3C2fd0a9b1c44e85@10.0.0.5:5060", 26)]
    [InlineData("00000000000000000000000000000000", 19)]
    public void Write_DigitsOrNot_TakesHalfOfTheDigits(string text, int bytes)
    {
        (byte[] again, long written) = TextAgain(Encoding.ASCII.GetBytes(text));

        Encoding.ASCII.GetString(again).ShouldBe(text);
        written.ShouldBe(bytes);
    }

    [Property]
    public void ReadText_OfAnyBytes_GivesATextOrSaysThatThereIsNone(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes));
        try
        {
            StateText.Read(reader).Length.ShouldBeLessThanOrEqualTo(65_535);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException)
        {
            return; // all that it may say
        }
    }

    [Property]
    public void Read_AnyTimes_GivesThem(long[] ticks, byte[] seconds, byte[] again)
    {
        List<DateTimeOffset> times = [Start];
        times.AddRange(ticks.Select(each => Start.AddTicks(each % TimeSpan.TicksPerDay)));
        times.AddRange(seconds.Select(each => times[each % times.Count].AddSeconds(each)).ToArray());
        times.AddRange(again.Select(each => each == 0 ? default : times[each % times.Count]).ToArray());
        times = times[..Math.Min(times.Count, 64)];

        TimesAgain([.. times]).Times.ShouldBe(times);
    }

    [Fact]
    public void Write_TimesOfACall_TakesEachOnce()
    {
        DateTimeOffset rang = Start.AddMicroseconds(1_234_567);
        (DateTimeOffset[] again, long written) = TimesAgain([Start, Start, rang, rang, default, rang.AddSeconds(180)]);

        again.ShouldBe([Start, Start, rang, rang, default, rang.AddSeconds(180)]);
        written.ShouldBe(8 + 5 + 4 + 2, "the start, forms, the distance in microseconds, seconds of the deadline");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10)]
    [InlineData(long.MaxValue / 16)]
    [InlineData(long.MinValue / 16)]
    public void ReadSpan_AnyDuration_GivesIt(long ticks)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        StateTimes.WriteSpan(writer, new TimeSpan(ticks));
        stream.Position = 0;
        using BinaryReader reader = new(stream);

        StateTimes.ReadSpan(reader).Ticks.ShouldBe(ticks);
    }

    [Fact]
    public void ReadTimes_OneThatRefersToALaterOne_IsRefused()
    {
        using BinaryReader reader = new(new MemoryStream([.. BitConverter.GetBytes(Start.UtcTicks), 2 + 1]));

        Should.Throw<InvalidDataException>(() => StateTimes.Read(reader, new DateTimeOffset[2]));
    }

    private static (byte[] Text, long Bytes) TextAgain(byte[] text)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        StateText.Write(writer, text);
        long bytes = stream.Length;
        stream.Position = 0;
        using BinaryReader reader = new(stream);
        byte[] again = StateText.Read(reader);
        stream.Position.ShouldBe(bytes);
        return (again, bytes);
    }

    private static (DateTimeOffset[] Times, long Bytes) TimesAgain(DateTimeOffset[] times)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        StateTimes.Write(writer, times);
        long bytes = stream.Length;
        stream.Position = 0;
        using BinaryReader reader = new(stream);
        DateTimeOffset[] again = new DateTimeOffset[times.Length];
        StateTimes.Read(reader, again);
        stream.Position.ShouldBe(bytes);
        return (again, bytes);
    }
}
