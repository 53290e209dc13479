using EdgeAgent.Core.Calls;

namespace EdgeAgent.Replay;

/// <summary>Prints a replay in the format asked for: calls as they close, the report at the end.</summary>
internal abstract class ReplayOutput : IDisposable
{
    /// <summary>Output for a request.</summary>
    public static ReplayOutput Create(ReplayRequest request, Func<Stream> openOutput, TextWriter writer) => request.Format switch
    {
        ReplayFormat.Json => new JsonOutput(openOutput(), request.ListsCalls),
        ReplayFormat.Csv => new CsvOutput(writer, request.ListsCalls),
        _ => new TableOutput(writer, request.ListsCalls),
    };

    /// <summary>A call has closed.</summary>
    public abstract void OnCall(CallRecord call);

    /// <summary>All captures are read.</summary>
    public abstract void Complete(ReplayReport report);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);

    private sealed class JsonOutput(Stream stream, bool listsCalls) : ReplayOutput
    {
        private readonly ReplayJson _json = new(stream, listsCalls);

        public override void OnCall(CallRecord call) => _json.WriteCall(call);

        public override void Complete(ReplayReport report) => _json.WriteReport(report, listsCalls);

        public override void Dispose()
        {
            _json.Dispose();
            base.Dispose();
        }
    }

    private sealed class CsvOutput : ReplayOutput
    {
        private readonly TextWriter _writer;
        private readonly bool _listsCalls;

        public CsvOutput(TextWriter writer, bool listsCalls)
        {
            _writer = writer;
            _listsCalls = listsCalls;
            if (listsCalls)
            {
                ReplayCsv.WriteCallHeader(writer);
            }
        }

        public override void OnCall(CallRecord call) => ReplayCsv.WriteCall(_writer, call);

        public override void Complete(ReplayReport report)
        {
            if (!_listsCalls)
            {
                ReplayCsv.WriteNumbers(_writer, report);
            }
        }
    }

    private sealed class TableOutput(TextWriter writer, bool listsCalls) : ReplayOutput
    {
        // A table needs the width of every cell before its first line; who has many calls takes JSON or CSV.
        private readonly List<CallRecord>? _calls = listsCalls ? [] : null;

        public override void OnCall(CallRecord call) => _calls?.Add(call);

        public override void Complete(ReplayReport report) => ReplayTable.Write(writer, report, _calls);
    }
}
