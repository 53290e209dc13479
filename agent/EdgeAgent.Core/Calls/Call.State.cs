using EdgeAgent.Core.Metrics;
using EdgeAgent.Core.Numbers;

namespace EdgeAgent.Core.Calls;

/// <content>Saving and restoring one call.</content>
public sealed partial class Call
{
    /// <summary>Writes all that is remembered; the person only as a pseudonym.</summary>
    internal void Save(BinaryWriter writer, string? trunkName, string? person)
    {
        WriteBytes(writer, CallIdBytes);
        WriteBytes(writer, CallerTag);
        writer.Write(trunkName ?? "");
        writer.Write((byte)Direction);
        writer.Write((byte)State);
        WriteHost(writer, Source);
        WriteHost(writer, Destination);
        Parties.Number.Save(writer);
        writer.Write((byte)Parties.Source);
        writer.Write(Parties.IsWithheld);
        writer.Write(Parties.HasIdentityConflict);
        writer.Write(Parties.IsOnBehalf);
        writer.Write(person ?? "");
        foreach (DateTimeOffset time in (ReadOnlySpan<DateTimeOffset>)
            [
                Start, InviteAt, RangAt, Ringing180At, Progress183At, AnsweredAt, EndedAt, LastSeen, ElsewhereAt, LostRefusalAt,
                SessionRefreshedAt, Deadline, DownAt,
            ])
        {
            writer.Write(time.UtcTicks);
        }

        writer.Write(SessionInterval.Ticks);
        writer.Write((short)Status);
        writer.Write((short)ElsewhereStatus);
        writer.Write(Disposition is { } disposition ? (sbyte)disposition : (sbyte)-1);
        writer.Write((byte)EndEvidence);
        writer.Write(IsNetworkBlock);
        writer.Write(IsCancelled);
        writer.Write(HasResponse);
        foreach (uint number in (ReadOnlySpan<uint>)[FirstInviteCSeq, InviteCSeq, CallerCSeq, CalleeCSeq])
        {
            writer.Write(number);
        }

        writer.Write(Seat);
        writer.Write(_branchCount);
        writer.Write(_branchesDone);
        foreach (ulong branch in (ReadOnlySpan<ulong>)_branches)
        {
            writer.Write(branch);
        }

        Dialog.SaveAll(writer, Dialogs);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">Source.</param>
    /// <param name="trunkOf">Index of a trunk by its name, -1 when it is gone.</param>
    internal static Call Load(BinaryReader reader, Func<string, int> trunkOf)
    {
        byte[] callId = reader.ReadBytes(reader.ReadInt32());
        byte[] callerTag = reader.ReadBytes(reader.ReadInt32());
        string trunk = reader.ReadString();
        CallDirection direction = (CallDirection)reader.ReadByte();
        CallState state = (CallState)reader.ReadByte();
        UInt128 source = ReadHost(reader);
        UInt128 destination = ReadHost(reader);
        NumberKey number = NumberKey.Load(reader);
        CallParties parties = new(
            number, default, null, (IdentitySource)reader.ReadByte(), reader.ReadBoolean(), reader.ReadBoolean())
        {
            IsOnBehalf = reader.ReadBoolean(),
        };
        string person = reader.ReadString();
        DateTimeOffset start = ReadTime(reader);
        DateTimeOffset inviteAt = ReadTime(reader);
        Call call = new(callId, callerTag)
        {
            Trunk = trunkOf(trunk),
            Direction = direction,
            State = state,
            Source = source,
            Destination = destination,
            Parties = parties,
            PersonPseudonym = person.Length > 0 ? person : null,
            Start = start,
            InviteAt = inviteAt,
            RangAt = ReadTime(reader),
            Ringing180At = ReadTime(reader),
            Progress183At = ReadTime(reader),
            AnsweredAt = ReadTime(reader),
            EndedAt = ReadTime(reader),
            LastSeen = ReadTime(reader),
            ElsewhereAt = ReadTime(reader),
            LostRefusalAt = ReadTime(reader),
            SessionRefreshedAt = ReadTime(reader),
            Deadline = ReadTime(reader),
            DownAt = ReadTime(reader),
            SessionInterval = new TimeSpan(reader.ReadInt64()),
            Status = reader.ReadInt16(),
            ElsewhereStatus = reader.ReadInt16(),
            Disposition = reader.ReadSByte() is var disposition and >= 0 ? (Disposition)disposition : null,
            EndEvidence = (EndEvidence)reader.ReadByte(),
            IsNetworkBlock = reader.ReadBoolean(),
            IsCancelled = reader.ReadBoolean(),
            HasResponse = reader.ReadBoolean(),
            FirstInviteCSeq = reader.ReadUInt32(),
            InviteCSeq = reader.ReadUInt32(),
            CallerCSeq = reader.ReadUInt32(),
            CalleeCSeq = reader.ReadUInt32(),
            Seat = reader.ReadUInt64(),
        };
        call._branchCount = reader.ReadByte();
        call._branchesDone = reader.ReadByte();
        foreach (ref ulong branch in (Span<ulong>)call._branches)
        {
            branch = reader.ReadUInt64();
        }

        call.Dialogs = Dialog.LoadAll(reader);
        return call;
    }

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteHost(BinaryWriter writer, UInt128 host)
    {
        writer.Write((ulong)(host >> 64));
        writer.Write((ulong)host);
    }

    private static UInt128 ReadHost(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadUInt64());

    private static DateTimeOffset ReadTime(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);
}
