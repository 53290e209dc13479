using EdgeAgent.Core.Packets;

namespace EdgeAgent.Capture;

/// <summary>
/// A captured frame on its way from a capture thread to the signalling thread. Its buffer is lent: who takes it off the
/// queue gives it back through <see cref="ICaptureSources.Release"/>, once.
/// </summary>
/// <param name="Source">Index of the source in <see cref="ICaptureSources.Status"/>.</param>
/// <param name="At">Capture time.</param>
/// <param name="Link">Link type of the source.</param>
/// <param name="Buffer">Lent array, longer than the frame.</param>
/// <param name="Length">Captured bytes in it.</param>
/// <param name="OriginalLength">Length on the wire, in bytes.</param>
public readonly record struct QueuedPacket(
    int Source, DateTimeOffset At, LinkType Link, byte[] Buffer, int Length, int OriginalLength)
{
    /// <summary>A view on the lent buffer.</summary>
    public CapturedPacket View => new(At, Link, Buffer.AsMemory(0, Length), OriginalLength);
}
