using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Forward;

/// <summary>Counters as JSON members, zeros left out; and back, for sums over records that were never delivered.</summary>
internal static class CountersJson
{
    /// <summary>Longest name of a bucket in characters; account names are chosen by the peer.</summary>
    internal const int MaxNameLength = 128;

    /// <summary>Plus signs and letters of account names stand as they are: these documents are no part of a web page.</summary>
    internal static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of a key in records and on disk: <c>+33...</c> or a bucket's name, cut at <see cref="MaxNameLength"/>.</summary>
    public static string NameOf(NumberKey key)
    {
        string name = key.ToString();
        if (name.Length <= MaxNameLength)
        {
            return name;
        }

        int length = char.IsHighSurrogate(name[MaxNameLength - 1]) ? MaxNameLength - 1 : MaxNameLength;
        return name[..length];
    }

    /// <summary>Reads a key from its text.</summary>
    public static NumberKey KeyOf(string name) =>
        name.Length > 1 && name[0] == '+'
        && ulong.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out ulong digits)
        && digits is not 0 and <= E164Number.MaxDigits
            ? NumberKey.For(new E164Number(digits))
            : new NumberKey(default, name);

    /// <summary>Writes a row: the key and every counter that is not zero.</summary>
    public static void WriteRow(Utf8JsonWriter writer, NumberKey key, NumberCounters counters) =>
        WriteRow(writer, "number", NameOf(key), counters);

    /// <summary>Writes a row of something else than a number.</summary>
    public static void WriteRow(Utf8JsonWriter writer, string member, string name, NumberCounters counters)
    {
        writer.WriteStartObject();
        writer.WriteString(member, name);
        WriteMembers(writer, counters);
        writer.WriteEndObject();
    }

    /// <summary>Adds a row written by <see cref="WriteRow(Utf8JsonWriter, NumberKey, NumberCounters)"/> to <paramref name="counters"/>.</summary>
    public static NumberKey AddRow(NumberCounters counters, JsonElement row)
    {
        foreach (CounterField field in CounterFields.All)
        {
            JsonElement holder = row;
            if ((field.Group is null || row.TryGetProperty(field.Group, out holder))
                && holder.TryGetProperty(field.Name, out JsonElement value))
            {
                field.AddTo(counters, Integer(field, value));
            }
        }

        if (row.TryGetProperty("status", out JsonElement status))
        {
            foreach (JsonProperty code in status.EnumerateObject())
            {
                counters.Status.Add(int.Parse(code.Name, CultureInfo.InvariantCulture), code.Value.GetInt64());
            }
        }

        return KeyOf(row.GetProperty("number").GetString()!);
    }

    /// <summary>Writes one counter in its unit.</summary>
    public static void WriteValue(Utf8JsonWriter writer, string name, CounterUnit unit, long value)
    {
        if (unit == CounterUnit.Duration)
        {
            writer.WriteNumber(name, (decimal)value / TimeSpan.TicksPerSecond);
        }
        else
        {
            writer.WriteNumber(name, value);
        }
    }

    private static void WriteMembers(Utf8JsonWriter writer, NumberCounters counters)
    {
        string? open = null;
        foreach (CounterField field in CounterFields.InGroups)
        {
            long value = field.Read(counters);
            if (value == 0)
            {
                continue;
            }

            if (field.Group != open)
            {
                CloseGroup(writer, open);
                open = field.Group;
                writer.WriteStartObject(open!); // rows' own fields come first, so a change always opens a group
            }

            WriteValue(writer, field.Name, field.Unit, value);
        }

        CloseGroup(writer, open);
        WriteStatus(writer, counters.Status);
    }

    private static void CloseGroup(Utf8JsonWriter writer, string? open)
    {
        if (open is not null)
        {
            writer.WriteEndObject();
        }
    }

    private static void WriteStatus(Utf8JsonWriter writer, StatusHistogram status)
    {
        if (status.Entries.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("status");
        foreach ((short code, long count) in status.Entries)
        {
            writer.WriteNumber(code.ToString(CultureInfo.InvariantCulture), count);
        }

        writer.WriteEndObject();
    }

    private static long Integer(CounterField field, JsonElement value) =>
        field.Unit == CounterUnit.Duration
            ? (long)(value.GetDecimal() * TimeSpan.TicksPerSecond)
            : value.GetInt64();
}
