using EdgeAgent.Core.Packets;

namespace EdgeAgent.Capture;

/// <summary>Tells how many bytes have been read through it; for progress.</summary>
/// <param name="inner">Stream read; disposed with this one.</param>
/// <param name="onRead">Called after each read with the bytes of that read.</param>
internal sealed class MeteredStream(Stream inner, Action<int> onRead) : ForwardStream
{
    public override int Read(Span<byte> buffer) => Note(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Note(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Note(int length)
    {
        onRead(length);
        return length;
    }
}
