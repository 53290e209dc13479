using System.Globalization;
using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Calls;

/// <content>
/// Saving and restoring one call. What never changes comes first and what each message changes stands together, so that states of
/// moments apart differ in one place of a call.
/// </content>
public sealed partial class Call
{
    private const int Times = 13;
    private const int PersonDigits = 16;

    /// <summary>Writes all that is remembered; of the person the beginning of the pseudonym, by which memories know it.</summary>
    internal void Save(BinaryWriter writer, string? trunkName, string? person)
    {
        writer.Write(trunkName ?? "");
        writer.Write((byte)Direction);
        WriteHost(writer, Source);
        WriteHost(writer, Destination);
        writer.Write((byte)((byte)Parties.Source << 3 | (Parties.IsWithheld ? 1 : 0) | (Parties.HasIdentityConflict ? 2 : 0) | (Parties.IsOnBehalf ? 4 : 0)));
        StateText.Write(writer, CallIdBytes);
        StateText.Write(writer, CallerTag);
        writer.Write(person is null ? 0 : ulong.Parse(person.AsSpan(0, PersonDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        writer.Write(_branches[0]);
        writer.Write(Seat);
        Parties.Number.Save(writer);
        writer.Write7BitEncodedInt64(FirstInviteCSeq);
        SaveProgress(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Source.</param>
    /// <param name="trunkOf">Index of a trunk by its name, -1 when it is gone.</param>
    internal static Call Load(BinaryReader reader, Func<string, int> trunkOf)
    {
        string trunk = reader.ReadString();
        CallDirection direction = (CallDirection)reader.ReadByte();
        UInt128 source = ReadHost(reader);
        UInt128 destination = ReadHost(reader);
        byte identity = reader.ReadByte();
        byte[] callId = StateText.Read(reader);
        byte[] callerTag = StateText.Read(reader);
        ulong person = reader.ReadUInt64();
        ulong branch = reader.ReadUInt64();
        ulong seat = reader.ReadUInt64();
        NumberKey number = NumberKey.Load(reader);
        uint firstCSeq = (uint)reader.Read7BitEncodedInt64();
        Span<DateTimeOffset> times = stackalloc DateTimeOffset[Times];
        StateTimes.Read(reader, times);
        Call call = new(callId, callerTag)
        {
            Trunk = trunkOf(trunk),
            Direction = direction,
            Source = source,
            Destination = destination,
            Parties = new CallParties(number, default, null, (IdentitySource)(identity >> 3), (identity & 1) != 0, (identity & 2) != 0)
            {
                IsOnBehalf = (identity & 4) != 0,
            },
            PersonPseudonym = person == 0 ? null : person.ToString("x16", CultureInfo.InvariantCulture),
            FirstInviteCSeq = firstCSeq,
            Seat = seat,
            Start = times[0],
        };
        call._branches[0] = branch;
        call.LoadProgress(reader, times);
        return call;
    }

    /// <summary>Writes what messages change.</summary>
    private void SaveProgress(BinaryWriter writer)
    {
        ReadOnlySpan<DateTimeOffset> times =
        [
            Start, InviteAt, LastSeen, Ringing180At, Progress183At, RangAt, AnsweredAt, EndedAt, DownAt, ElsewhereAt, LostRefusalAt,
            SessionRefreshedAt, Deadline,
        ];
        StateTimes.Write(writer, times);
        StateTimes.WriteSpan(writer, SessionInterval);
        writer.Write((byte)State);
        writer.Write((short)Status);
        writer.Write((short)ElsewhereStatus);
        writer.Write(Disposition is { } disposition ? (sbyte)disposition : (sbyte)-1);
        writer.Write((byte)EndEvidence);
        writer.Write((byte)((IsNetworkBlock ? 1 : 0) | (IsCancelled ? 2 : 0) | (HasResponse ? 4 : 0)));
        writer.Write7BitEncodedInt64(unchecked((uint)(InviteCSeq - FirstInviteCSeq)));
        writer.Write7BitEncodedInt64(unchecked((uint)(CallerCSeq - FirstInviteCSeq)));
        writer.Write7BitEncodedInt64(CalleeCSeq);
        writer.Write(_branchCount);
        writer.Write(_branchesDone);
        for (int i = 1; i < _branchCount; i++)
        {
            writer.Write(_branches[i]);
        }

        Dialog.SaveAll(writer, Dialogs, times);
    }

    private void LoadProgress(BinaryReader reader, ReadOnlySpan<DateTimeOffset> times)
    {
        (InviteAt, LastSeen, Ringing180At, Progress183At, RangAt, AnsweredAt) = (times[1], times[2], times[3], times[4], times[5], times[6]);
        (EndedAt, DownAt, ElsewhereAt, LostRefusalAt, SessionRefreshedAt, Deadline) = (times[7], times[8], times[9], times[10], times[11], times[12]);
        SessionInterval = StateTimes.ReadSpan(reader);
        State = (CallState)reader.ReadByte();
        Status = reader.ReadInt16();
        ElsewhereStatus = reader.ReadInt16();
        Disposition = reader.ReadSByte() is var disposition and >= 0 ? (Disposition)disposition : null;
        EndEvidence = (EndEvidence)reader.ReadByte();
        byte flags = reader.ReadByte();
        (IsNetworkBlock, IsCancelled, HasResponse) = ((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
        InviteCSeq = unchecked((uint)reader.Read7BitEncodedInt64() + FirstInviteCSeq);
        CallerCSeq = unchecked((uint)reader.Read7BitEncodedInt64() + FirstInviteCSeq);
        CalleeCSeq = (uint)reader.Read7BitEncodedInt64();
        _branchCount = reader.ReadByte();
        _branchesDone = reader.ReadByte();
        if (_branchCount > RecentHashes.Length)
        {
            throw new InvalidDataException("a saved call has too many branches");
        }

        for (int i = 1; i < _branchCount; i++)
        {
            _branches[i] = reader.ReadUInt64();
        }

        Dialogs = Dialog.LoadAll(reader, times);
    }

    private static void WriteHost(BinaryWriter writer, UInt128 host)
    {
        writer.Write((ulong)(host >> 64));
        writer.Write((ulong)host);
    }

    private static UInt128 ReadHost(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());
}
