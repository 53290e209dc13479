using System.CommandLine;
using System.Globalization;
using EdgeAgent.Reconcile;
using NodaTime;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent reconcile</c>: the calls a carrier or the PBX lists, against the journal.</summary>
internal static class ReconcileCommand
{
    public static Command Create()
    {
        Argument<string> file = new("CDR.csv") { Description = "Calls as the carrier or the PBX lists them (CSV, also .gz and .zst), or - for standard input" };
        Option<string?> format = new("--format") { Description = "Known layout: asterisk (Master.csv, with or without header)", HelpName = "NAME" };
        format.AcceptOnlyFromAmong("asterisk");
        Option<string[]> start = Columns("--start-column", "Start of the call: name in the header, or place from 1; given twice, date and time of day");
        Option<string?> number = Column("--number-column", "Caller ID");
        Option<string?> answered = Column("--answered-column", "Disposition, time of answer, or yes and no (default: answered is what lasted)");
        Option<string?> duration = Column("--duration-column", "Billed or talk time: seconds, mm:ss or hh:mm:ss");
        Option<string?> channel = Column("--channel-column", "Channel --trunk-pattern looks at (asterisk: dstchannel)");
        Option<string[]> pattern = new("--trunk-pattern")
        {
            Description = "Channels of outbound calls, such as 'PJSIP/trunk-*'; other rows are passed over. May be repeated",
            HelpName = "PATTERN",
        };
        Option<char?> delimiter = new("--delimiter") { Description = "Between columns (default: found in the first line)", HelpName = "CHARACTER" };
        Option<DateTimeZone?> zone = Zone();
        Option<string?> timeFormat = TimeFormat();
        Option<TimeSpan?> tolerance = Tolerance();
        Option<double?> difference = Difference();
        Option<DateTimeOffset?> from = CommonOptions.Time("--from", "Compare from this time on (default: the file's first day, as far as the journal reaches)");
        Option<DateTimeOffset?> to = CommonOptions.Time("--to", "Compare up to this time (default: the file's last day, as far as the journal goes)");
        Option<bool> listed = new("--listed-numbers") { Description = "Compare only numbers the file holds: one carrier of several" };
        Option<bool> unknown = new("--name-unknown") { Description = "Name numbers the journal never saw; in a file that holds incoming calls they are persons'" };
        Option<bool> all = new("--all") { Description = "Print days on which both sides agree too" };
        Option<string?> journal = new("--journal") { Description = "Records to compare with, as export writes them, in place of the running agent's", HelpName = "EXPORT.jsonl" };
        Option<bool> noRecord = new("--no-record") { Description = "Do not have the running agent record the outcome" };
        Option<string?> config = CaptureInput.Config();
        Option<string> socket = CommonOptions.Socket();
        Option<string> store = JournalLines.Store();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new(
            "reconcile",
            "Compare the calls a carrier or the PBX lists with the journal: missing and extra calls per number and day.",
            "edge-agent reconcile --format asterisk --trunk-pattern 'PJSIP/trunk-*' /var/log/asterisk/cdr-csv/Master.csv",
            "edge-agent reconcile --start-column Date --number-column Appelant --duration-column Durée --delimiter ';' facture.csv")
        {
            file, format, start, number, answered, duration, channel, pattern, delimiter, zone, timeFormat, tolerance, difference, from, to,
            listed, unknown, all, journal, noRecord, config, socket, store, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(format) is null && (result.GetValue(start) is not { Length: > 0 } || result.GetValue(number) is null))
            {
                result.AddError("Say how the file is laid out: --format, or --start-column and --number-column.");
            }

            if (result.GetValue(format) is null && (result.GetValue(channel) is null) != (result.GetValue(pattern) is not { Length: > 0 }))
            {
                result.AddError("--channel-column and --trunk-pattern go together.");
            }
        });
        command.SetAction((parse, cancellationToken) =>
        {
            CdrLayout known = parse.GetValue(format) is null ? new CdrLayout() : CdrLayout.Asterisk;
            CdrColumn? Of(Option<string?> option, CdrColumn? usual) => parse.GetValue(option) is { } text ? CdrColumn.Parse(text) : usual;
            ReconcileRun run = new(
                parse.GetRequiredValue(file),
                known with
                {
                    Start = parse.GetValue(start) is { Length: > 0 } columns ? [.. columns.Select(CdrColumn.Parse)] : known.Start,
                    Number = Of(number, known.Number),
                    Answered = Of(answered, known.Answered),
                    Duration = Of(duration, known.Duration),
                    Channel = Of(channel, known.Channel),
                    ChannelPatterns = parse.GetValue(pattern) ?? [],
                    Delimiter = parse.GetValue(delimiter) ?? known.Delimiter,
                    TimeFormat = parse.GetValue(timeFormat),
                    Zone = parse.GetValue(zone) ?? DateTimeZoneProviders.Tzdb["Europe/Paris"],
                },
                new ReconcileSettings
                {
                    From = parse.GetValue(from),
                    To = parse.GetValue(to),
                    Tolerance = parse.GetValue(tolerance) ?? TimeSpan.FromSeconds(2),
                    OnlyListedNumbers = parse.GetValue(listed),
                    NamesUnknown = parse.GetValue(unknown),
                })
            {
                ConfigPath = parse.GetValue(config),
                JournalPath = parse.GetValue(journal),
                Socket = parse.GetRequiredValue(socket),
                Store = parse.GetRequiredValue(store),
                MaxDifference = parse.GetValue(difference) ?? 0.01,
                Records = !parse.GetValue(noRecord),
                PrintsJson = parse.GetValue(json),
                PrintsAll = parse.GetValue(all),
            };
            return run.ExecuteAsync(parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error, cancellationToken);
        });
        return command;
    }

    private static Option<string?> Column(string name, string description) =>
        new(name) { Description = description, HelpName = "COLUMN" };

    private static Option<string[]> Columns(string name, string description) =>
        new(name) { Description = description, HelpName = "COLUMN" };

    private static Option<DateTimeZone?> Zone() => new("--time-zone")
    {
        Description = "Zone of times in the file that name none (default: Europe/Paris)",
        HelpName = "ZONE",
        CustomParser = result =>
        {
            string name = result.Tokens[0].Value;
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is { } zone)
            {
                return zone;
            }

            result.AddError($"--time-zone: '{name}' is no time zone such as Europe/Paris, Africa/Casablanca or UTC.");
            return null;
        },
    };

    private static Option<string?> TimeFormat()
    {
        Option<string?> option = new("--time-format")
        {
            Description = "Form of the start, such as 'MM/dd/yyyy HH:mm:ss' (default: the usual ones, and Unix time)",
            HelpName = "FORMAT",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } format && !CdrText.IsFormat(format))
            {
                result.AddError($"--time-format: '{format}' is no form of a time such as 'MM/dd/yyyy HH:mm:ss'.");
            }
        });
        return option;
    }

    private static Option<TimeSpan?> Tolerance() => new("--tolerance")
    {
        Description = "How far the start in the file and the attempt may be apart, up to 10 min (default: 2 s)",
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (Configuration.Scalars.ReadDuration(result.Tokens[0].Value) is TimeSpan time && time <= TimeSpan.FromMinutes(10))
            {
                return time;
            }

            result.AddError($"--tolerance: '{result.Tokens[0].Value}' is no duration from 0 s to 10 min.");
            return null;
        },
    };

    private static Option<double?> Difference() => new("--max-difference")
    {
        Description = "Share of missing and extra calls up to which the exit code is 0 (default: 1 %)",
        HelpName = "PERCENT",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value.TrimEnd('%', ' ');
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent <= 100)
            {
                return percent / 100;
            }

            result.AddError($"--max-difference: '{result.Tokens[0].Value}' is no share from 0 % to 100 %.");
            return null;
        },
    };
}
