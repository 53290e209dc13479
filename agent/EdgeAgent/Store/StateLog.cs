using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeAgent.Store;

/// <summary>
/// The engine's states, one <see cref="StateDelta"/> behind the other in a file beside the database, which would write each page of a
/// state twice. A state that goes with a transaction is appended before it, under a new mark which the transaction stores; a state
/// without one bears the last mark. What counts is the last state with the database's mark, so that it never contradicts the records,
/// whichever of the two a crash left behind. Storage thread only.
/// </summary>
/// <param name="directory">The store directory.</param>
/// <param name="maxFrames">States in the file at most, however small they are: each is applied at the next start.</param>
/// <param name="smallestTurn">Bytes of deltas after which the file is begun anew at the earliest.</param>
internal sealed class StateLog(string directory, int maxFrames = StateLog.MaxFrames, long smallestTurn = StateLog.SmallestTurn)
{
    /// <summary>Name of the file in the store directory.</summary>
    internal const string FileName = "state.log";

    private const long SmallestTurn = 16 * 1024 * 1024; // some twenty minutes of fifty calls a second; to read them again takes a second

    private const int QuotaShare = 16; // of the quota, at most 1/16

    private const int Turn = 4; // and times the first state: what is written for it is a quarter more at most

    private const int MaxFrames = 2_048;

    private const int ShortOfStates = 3; // whole states there must be room for, else what does not count is given back

    private const uint Magic = 0x32534145; // EAS2
    private const int HeadBytes = 32;      // magic, mark, watermark, state length, delta length, all little-endian; 4 bytes are left
    private const int CheckBytes = 8;      // of SHA-256 over head and delta

    private readonly string _path = Path.Combine(directory, FileName);
    private Entry? _last;      // the last state in the file
    private Entry? _committed; // the last one that counts
    private long _length;      // of the file as far as it is whole
    private long _firstBytes;  // of its first state
    private int _frames;       // in the file

    /// <summary>The state that counts, null when there is none.</summary>
    public AgentSnapshot? Current => _committed is { } entry ? new AgentSnapshot(new DateTimeOffset(entry.WatermarkTicks, TimeSpan.Zero), entry.State) : null;

    /// <summary>Bytes of the file.</summary>
    public long Length => _length;

    /// <summary>The one beside a journal of <paramref name="quotaBytes"/>.</summary>
    public static StateLog For(string directory, long quotaBytes) => new(directory, smallestTurn: Math.Min(SmallestTurn, quotaBytes / QuotaShare));

    /// <summary>Reads the file. What follows the first frame that is not whole was never acknowledged and is overwritten.</summary>
    /// <param name="mark">The database's mark; 0 when it has none.</param>
    public void Open(long mark)
    {
        foreach (string left in Directory.EnumerateFiles(directory, FileName + ".*.tmp"))
        {
            File.Delete(left); // of a run that was killed while it began anew
        }

        (_last, _committed, _length, _firstBytes, _frames) = (null, null, 0, 0, 0);
        if (!File.Exists(_path))
        {
            return;
        }

        ReadOnlySpan<byte> rest = File.ReadAllBytes(_path);
        while (TryTake(ref rest, StateOf(_last), out Entry? entry, out int bytes))
        {
            _last = entry;
            _committed = entry.Mark == mark && mark != 0 ? entry : _committed;
            _firstBytes = _length == 0 ? bytes : _firstBytes;
            _length += bytes;
            _frames++;
        }
    }

    /// <summary>Appends a state; on disk when this returns. It counts once <see cref="Adopt"/> is called, or the database has its mark.</summary>
    public void Append(AgentSnapshot snapshot, long mark)
    {
        bool isDue = _frames >= maxFrames || _length - _firstBytes > Math.Max(smallestTurn, Turn * _firstBytes);
        if (isDue || IsRoomShort())
        {
            TryBeginAnew();
        }

        Append(new Entry(mark, snapshot.Watermark.UtcTicks, snapshot.State));
    }

    /// <summary>The database has the mark of the state appended last.</summary>
    public void Adopt() => _committed = _last;

    private void Append(Entry entry)
    {
        byte[] frame = FrameOf(StateOf(_last), entry);
        using FileStream file = DurableFile.OpenPrivate(_path);
        file.SetLength(_length); // a frame that a full disk cut
        file.Position = _length;
        file.Write(frame);
        file.Flush(flushToDisk: true);
        if (_length == 0)
        {
            DurableFile.FlushDirectory(directory);
            _firstBytes = frame.Length;
        }

        _length += frame.Length;
        _frames++;
        _last = entry;
    }

    /// <summary>The disk is nearly full, and half of the file or more does not count any more. Beginning anew takes room at first.</summary>
    private bool IsRoomShort() =>
        _length > 2 * _firstBytes && new DriveInfo(directory).AvailableFreeSpace < ShortOfStates * Math.Max(_firstBytes, _length / _frames);

    /// <summary>Begins anew; where the disk has no room for it the file goes on as it is.</summary>
    private void TryBeginAnew()
    {
        try
        {
            BeginAnew();
        }
        catch (IOException) when (new FileInfo(_path) is { Exists: true } file && file.Length >= _length) // else it was put in place, and only its name may be lost
        {
            return;
        }
    }

    /// <summary>Puts a file in place that holds nothing but the state that counts.</summary>
    private void BeginAnew()
    {
        byte[] frame = _committed is null ? [] : FrameOf([], _committed);
        DurableFile.Write(_path, frame, overwrite: true);
        (_last, _length, _firstBytes, _frames) = (_committed, frame.Length, frame.Length, _committed is null ? 0 : 1);
    }

    private static byte[] FrameOf(ReadOnlySpan<byte> before, Entry entry)
    {
        byte[] delta = StateDelta.Make(before, entry.State.Span);
        byte[] frame = new byte[HeadBytes + delta.Length + CheckBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(4), entry.Mark);
        BinaryPrimitives.WriteInt64LittleEndian(frame.AsSpan(12), entry.WatermarkTicks);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(20), entry.State.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(24), delta.Length);
        delta.CopyTo(frame.AsSpan(HeadBytes));
        Check(frame.AsSpan(0, HeadBytes + delta.Length)).CopyTo(frame.AsSpan(HeadBytes + delta.Length));
        return frame;
    }

    /// <summary>Takes the first frame off <paramref name="rest"/>; false when it is not whole.</summary>
    private static bool TryTake(
        ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> before, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Entry? entry, out int bytes)
    {
        (entry, bytes) = (null, 0);
        if (rest.Length < HeadBytes + CheckBytes || BinaryPrimitives.ReadUInt32LittleEndian(rest) != Magic)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(rest[20..]);
        int deltaLength = BinaryPrimitives.ReadInt32LittleEndian(rest[24..]);
        if (length < 0 || deltaLength < 0 || deltaLength > rest.Length - HeadBytes - CheckBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> content = rest[..(HeadBytes + deltaLength)];
        bytes = content.Length + CheckBytes;
        if (!Check(content).SequenceEqual(rest[content.Length..bytes]))
        {
            return false;
        }

        entry = new Entry(
            BinaryPrimitives.ReadInt64LittleEndian(content[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(content[12..]),
            StateDelta.Apply(before, content[HeadBytes..], length));
        rest = rest[bytes..];
        return true;
    }

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> content) => SHA256.HashData(content).AsSpan(0, CheckBytes);

    private static ReadOnlySpan<byte> StateOf(Entry? entry) => entry is null ? [] : entry.State.Span;

    private sealed record Entry(long Mark, long WatermarkTicks, ReadOnlyMemory<byte> State);
}
