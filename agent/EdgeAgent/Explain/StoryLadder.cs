using System.Globalization;
using EdgeAgent.Core.Packets;

namespace EdgeAgent.Explain;

/// <summary>Draws the exchange: a column per host, an arrow per message.</summary>
internal static class StoryLadder
{
    private const int MinSpacing = 24;
    private const int TimeWidth = 12;

    /// <summary>Writes the ladder; times are seconds since the first message.</summary>
    public static void Write(TextWriter output, StoryReport report)
    {
        List<UInt128> hosts = [.. report.Entries
            .SelectMany(entry => entry.Message is { } message ? new[] { message.Source.Address, message.Destination.Address } : [])
            .Distinct()];
        string[] names = [.. hosts.Select(host => new IpEndpoint(host, 0).ToIPAddress().ToString())];
        int spacing = Math.Max(MinSpacing, names.Select(name => name.Length).DefaultIfEmpty(0).Max() + 2);
        output.WriteLine(Header(names, spacing));
        DateTimeOffset start = report.Entries[0].At;
        foreach (StoryEntry entry in report.Entries)
        {
            string time = (entry.At - start).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture).PadLeft(TimeWidth - 2);
            string row = entry.Message is { } message
                ? Row(hosts.IndexOf(message.Source.Address), hosts.IndexOf(message.Destination.Address), Label(entry, message), hosts.Count, spacing)
                : Bars(hosts.Count, spacing) + "  . " + StoryText.ChangeOf(entry);
            output.WriteLine($"{time}  {row}".TrimEnd());
        }
    }

    private static string Header(string[] names, int spacing)
    {
        char[] line = new string(' ', TimeWidth + (names.Length * spacing) + spacing).ToCharArray();
        for (int i = 0; i < names.Length; i++)
        {
            int at = Math.Max(0, TimeWidth + (i * spacing) - (names[i].Length / 2));
            names[i].CopyTo(line.AsSpan(at));
        }

        return new string(line).TrimEnd();
    }

    private static string Label(StoryEntry entry, StoryMessage message) =>
        (message.IsRequest ? message.MethodName : $"{message.Status} {message.MethodName}") + (entry.IsRepeat ? " again" : "");

    private static string Bars(int hosts, int spacing)
    {
        char[] line = new string(' ', ((hosts - 1) * spacing) + 1).ToCharArray();
        for (int i = 0; i < hosts; i++)
        {
            line[i * spacing] = '|';
        }

        return new string(line);
    }

    private static string Row(int from, int to, string label, int hosts, int spacing)
    {
        if (from == to)
        {
            return Bars(hosts, spacing) + $"  {label} (inside the host)";
        }

        char[] line = Bars(hosts, spacing).ToCharArray();
        int left = Math.Min(from, to) * spacing;
        int right = Math.Max(from, to) * spacing;
        Span<char> arrow = line.AsSpan(left + 1, right - left - 1);
        arrow.Fill('-');
        arrow[from < to ? ^1 : 0] = from < to ? '>' : '<';
        string text = $" {label} ";
        if (text.Length <= arrow.Length - 2)
        {
            text.CopyTo(arrow[((arrow.Length - text.Length) / 2)..]);
        }

        return new string(line);
    }
}
