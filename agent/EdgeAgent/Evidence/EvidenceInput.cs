using System.Buffers;
using System.Globalization;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;
using EdgeAgent.Telemetry;

namespace EdgeAgent.Evidence;

/// <summary>Brings records from where they are kept to the check.</summary>
internal static class EvidenceInput
{
    /// <summary>
    /// Reads lines: exported records, or what a subscriber wrote down as <c>topic payload</c>; documents of other topics are passed over.
    /// </summary>
    public static async Task ReadLinesAsync(Stream stream, RecordChain chain, CancellationToken cancellationToken)
    {
        long number = 0;
        await LineReader.ReadAsync(
            stream,
            line =>
            {
                number++;
                ReadOnlySpan<byte> record = RecordIn(line.IsSingleSegment ? line.FirstSpan : line.ToArray());
                if (!record.IsEmpty)
                {
                    chain.Add(record, string.Create(CultureInfo.InvariantCulture, $"line {number}"));
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a journal: its records, and what it and the file beside it say about where it must begin and end.</summary>
    public static void ReadJournal(JournalReader journal, RecordChain chain)
    {
        JournalMeta meta = journal.Meta;
        if (meta.LastSeq > 0)
        {
            chain.RequireFrom(meta.Epoch, meta.OldestSeq);
            chain.Expect(new Anchor("", default, meta.Epoch, meta.LastSeq, meta.LastHash), "the journal itself", binds: false);
        }

        if (journal.Copy is { LastHash: RecordHash hash } copy)
        {
            chain.Expect(new Anchor("", default, copy.Epoch, copy.LastSeq, hash), "the file beside the journal", binds: false);
        }

        foreach (JournalRecord record in journal.Records())
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"entry {record.Seq} of the journal");
            chain.Add(record.Payload.Span, place, record.Seq);
        }
    }

    /// <summary>Reads what a collector has kept of its anchors: one JSON object per line with epoch, seq and hash.</summary>
    /// <exception cref="CommandException">A line is no anchor.</exception>
    public static async Task ReadAnchorsAsync(string path, RecordChain chain, CancellationToken cancellationToken)
    {
        FileStream stream = File.OpenRead(path);
        await using (stream.ConfigureAwait(false))
        {
            long number = 0;
            await LineReader.ReadAsync(
                stream,
                line =>
                {
                    number++;
                    if (!line.IsEmpty)
                    {
                        chain.Expect(
                            AnchorLine.Read(line.ToArray())
                                ?? throw new CommandException(ExitCode.BadInput, $"{path}: line {number} is no anchor with epoch, seq and hash"),
                            $"line {number} of {path}");
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The record in a line; empty when the line is of a document that is none.</summary>
    internal static ReadOnlySpan<byte> RecordIn(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] == (byte)'{')
        {
            return line;
        }

        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> topic = space < 0 ? line : line[..space];
        bool isTopic = topic.IndexOf((byte)'/') >= 0;
        bool isRecord = topic.EndsWith("/minute"u8) || topic.IndexOf("/event/"u8) >= 0;
        return !isTopic ? line : isRecord && space >= 0 ? line[(space + 1)..] : [];
    }
}
