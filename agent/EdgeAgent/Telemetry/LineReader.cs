using System.Buffers;
using System.IO.Pipelines;

namespace EdgeAgent.Telemetry;

/// <summary>Cuts a stream into lines without holding more than one.</summary>
internal static class LineReader
{
    /// <summary>Longest line handed over; of a longer one so much, the rest is passed over.</summary>
    public const int MaxLineBytes = 1024 * 1024;

    /// <summary>Gives each line without its end (LF or CR LF), the last one also where it has none.</summary>
    public static async Task ReadAsync(Stream stream, Action<ReadOnlySequence<byte>> onLine, CancellationToken cancellationToken)
    {
        PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        bool isSkipping = false;
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is SequencePosition end)
            {
                if (!isSkipping)
                {
                    onLine(WithoutReturn(buffer.Slice(0, end)));
                }

                isSkipping = false;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            bool isTooLong = buffer.Length >= MaxLineBytes;
            if (!isSkipping && !buffer.IsEmpty && (isTooLong || read.IsCompleted))
            {
                onLine(WithoutReturn(buffer));
            }

            isSkipping |= isTooLong;
            reader.AdvanceTo(isSkipping || read.IsCompleted ? buffer.End : buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                await reader.CompleteAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    private static ReadOnlySequence<byte> WithoutReturn(ReadOnlySequence<byte> line)
    {
        ReadOnlySequence<byte> last = line.IsEmpty ? line : line.Slice(line.Length - 1);
        return !last.IsEmpty && last.FirstSpan[0] == (byte)'\r' ? line.Slice(0, line.Length - 1) : line;
    }
}
