using System.Buffers;
using System.Reflection;
using System.Text.Json;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Forward;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

/// <summary>No counter may be lost on its way to disk or to JSON.</summary>
public sealed class CounterFieldsTests
{
    private static readonly PropertyInfo[] Properties = [.. typeof(NumberCounters).GetProperties()
        .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)];

    [Property]
    public void Pack_AnyCounters_UnpackTheSame(long[] values, short[] codes)
    {
        NumberCounters counters = Make(values, codes);
        NumberCounters unpacked = new();

        CounterPacking.AddTo(unpacked, CounterPacking.Pack(counters));

        Describe(unpacked).ShouldBe(Describe(counters));
    }

    [Property]
    public void WriteRow_AnyCounters_ReadBackTheSame(long[] values, short[] codes)
    {
        NumberCounters counters = Make(values, codes);
        NumberCounters read = new();

        NumberKey key = CountersJson.AddRow(read, Samples.Json(Row(Samples.Number(7), counters)));

        key.ShouldBe(Samples.Number(7));
        Describe(read).ShouldBe(Describe(counters));
    }

    [Fact]
    public void AddTo_RowsOfTwoIntervals_OfMaximaTheHigherStands()
    {
        NumberCounters sum = new();
        foreach (long value in (long[])[3, 9, 5])
        {
            NumberCounters interval = Make([.. Enumerable.Repeat(value, CounterFields.All.Count)], []);
            CounterPacking.AddTo(sum, CounterPacking.Pack(interval));
        }

        NumberCounters read = new();
        foreach (long value in (long[])[3, 9, 5])
        {
            CountersJson.AddRow(read, Samples.Json(Row(Samples.Number(7), Make([.. Enumerable.Repeat(value, CounterFields.All.Count)], []))));
        }

        CounterFields.All.ShouldAllBe(field => field.Read(sum) == (field.Merge == CounterMerge.Highest ? 9 : 17));
        Describe(read).ShouldBe(Describe(sum));
        CounterFields.All.Where(field => field.Merge == CounterMerge.Highest).Select(StateWriter.FlatName)
            .ShouldBe(["maxTalkSeconds", "maxRingSeconds", "maxPostDialSeconds", "concurrentPeak"]);
    }

    [Fact]
    public void All_EveryCounterAndDisposition_StandsThereOnce()
    {
        CounterFields.All.Select(StateWriter.FlatName).ShouldBeUnique();
        foreach (PropertyInfo property in Properties)
        {
            NumberCounters counters = new();
            property.SetValue(counters, property.PropertyType == typeof(TimeSpan) ? TimeSpan.FromTicks(5) : 5L);
            CounterFields.All.Count(field => field.Read(counters) == 5).ShouldBe(1, property.Name);
        }

        foreach (Disposition disposition in Enum.GetValues<Disposition>())
        {
            NumberCounters counters = new();
            counters[disposition] = 5;
            CounterFields.All.Count(field => field.Read(counters) == 5).ShouldBe(1, disposition.ToString());
        }

        for (int i = 0; i < CounterFields.All.Count; i++)
        {
            NumberCounters counters = new();
            CounterFields.All[i].Write(counters, 5);
            CounterFields.All.Count(field => field.Read(counters) == 5).ShouldBe(1, CounterFields.All[i].Name);
        }
    }

    [Fact]
    public void Unpack_CutAnywhere_IsRefused()
    {
        byte[] packed = CounterPacking.Pack(Samples.Counters(5));
        for (int length = 0; length < packed.Length; length++)
        {
            Should.Throw<InvalidDataException>(() => CounterPacking.AddTo(new NumberCounters(), packed.AsSpan(0, length)));
        }
    }

    [Fact]
    public void WriteRow_LongestRow_FitsTheSmallestRecord()
    {
        NumberCounters counters = Make([.. Enumerable.Repeat(long.MaxValue, CounterFields.All.Count)], []);
        for (int code = 100; code < 700; code++)
        {
            counters.Status.Add(code, long.MaxValue);
        }

        Row(new NumberKey(default, new string('é', 10_000)), counters).Length.ShouldBeLessThan(29 * 1024);
    }

    private static byte[] Row(NumberKey key, NumberCounters counters)
    {
        ArrayBufferWriter<byte> output = new();
        using Utf8JsonWriter writer = new(output, CountersJson.Plain);
        CountersJson.WriteRow(writer, key, counters);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static NumberCounters Make(long[] values, short[] codes)
    {
        NumberCounters counters = new();
        for (int i = 0; i < Math.Min(values.Length, CounterFields.All.Count); i++)
        {
            CounterFields.All[i].Write(counters, values[i] & long.MaxValue);
        }

        foreach (short code in codes)
        {
            counters.Status.Add(100 + (code & 0x1FF), 1 + (code & 7));
        }

        return counters;
    }

    private static string Describe(NumberCounters counters) => string.Join(
        ' ',
        Properties.Select(property => $"{property.Name}={property.GetValue(counters)}")
            .Concat(CounterFields.All.Select(field => $"{field.Group}.{field.Name}={field.Read(counters)}"))
            .Concat(Enum.GetValues<Disposition>().Select(disposition => $"{disposition}={counters[disposition]}"))
            .Concat(counters.Status.Entries.ToArray().Select(entry => $"{entry.Code}={entry.Count}")));
}
