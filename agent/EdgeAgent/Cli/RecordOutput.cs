using System.Buffers;
using System.Text;

namespace EdgeAgent.Cli;

/// <summary>Lines of records, byte for byte whatever the terminal's character set.</summary>
internal sealed class RecordOutput : IDisposable
{
    private readonly Stream? _stream;
    private readonly TextWriter _text;

    /// <summary>Writes to standard output when <paramref name="output"/> is that, as bytes; else as text.</summary>
    public RecordOutput(TextWriter output)
    {
        _text = output;
        _stream = ReferenceEquals(output, Console.Out) ? new BufferedStream(Console.OpenStandardOutput(), 64 * 1024) : null;
    }

    /// <summary>Writes a line.</summary>
    public void WriteLine(ReadOnlySequence<byte> line)
    {
        if (_stream is null)
        {
            _text.WriteLine(Encoding.UTF8.GetString(line));
            return;
        }

        foreach (ReadOnlyMemory<byte> part in line)
        {
            _stream.Write(part.Span);
        }

        _stream.WriteByte((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();
}
