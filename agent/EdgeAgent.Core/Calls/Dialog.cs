namespace EdgeAgent.Core.Calls;

/// <summary>One dialog of an answered attempt (RFC 3261 §12); a forked call has several.</summary>
public sealed class Dialog
{
    /// <summary>Hash of the callee's tag; 64 bits, so that a clash inside one call is out of the question.</summary>
    public required ulong CalleeTag { get; init; }

    /// <summary>An ACK of the caller named it.</summary>
    public bool IsAcknowledged { get; set; }

    /// <summary>Time of the first BYE not revoked; <c>default</c> while up.</summary>
    public DateTimeOffset ByeAt { get; set; }

    /// <summary>Time of a BYE that later traffic revoked, so that an answer to it after all can restore it.</summary>
    public DateTimeOffset RevokedByeAt { get; set; }

    /// <summary>The BYE came from the caller.</summary>
    public bool IsByeFromCaller { get; set; }

    /// <summary>Highest CSeq of that side's BYEs: a copy of one is no new BYE.</summary>
    public uint ByeCSeq { get; set; }

    /// <summary>A BYE was refused with 481: should the dialog go on, copies of that BYE mean nothing. Not kept across restarts.</summary>
    public bool IsByeRefused { get; set; }

    /// <summary>The BYE was confirmed.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Names a BYE whose answer was seen before it; 0 when none. Not kept across restarts: it comes within a second or never.</summary>
    public ulong EarlyAnswer { get; set; }

    /// <summary>When that answer was seen.</summary>
    public DateTimeOffset EarlyAnswerAt { get; set; }

    /// <summary>Hash of the last request, other than BYE, seen after the BYE; 0 when none: its 2xx would revoke the BYE.</summary>
    public ulong RequestAfterBye { get; set; }

    /// <summary>The next dialog of the same call.</summary>
    public Dialog? Next { get; init; }

    /// <summary>Writes a chain of dialogs.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="first">The first of the chain.</param>
    /// <param name="ofCall">Times written for the call.</param>
    internal static void SaveAll(BinaryWriter writer, Dialog? first, ReadOnlySpan<DateTimeOffset> ofCall)
    {
        for (Dialog? dialog = first; dialog is not null; dialog = dialog.Next)
        {
            writer.Write((byte)(1 | (dialog.IsAcknowledged ? 2 : 0) | (dialog.IsByeFromCaller ? 4 : 0) | (dialog.IsEnded ? 8 : 0) | (dialog.RequestAfterBye != 0 ? 16 : 0)));
            writer.Write(dialog.CalleeTag);
            StateTimes.Write(writer, [.. ofCall, dialog.ByeAt, dialog.RevokedByeAt], ofCall.Length);
            writer.Write7BitEncodedInt64(dialog.ByeCSeq);
            if (dialog.RequestAfterBye != 0)
            {
                writer.Write(dialog.RequestAfterBye);
            }
        }

        writer.Write((byte)0);
    }

    /// <summary>Reads what <see cref="SaveAll"/> wrote; the order of the chain does not matter.</summary>
    internal static Dialog? LoadAll(BinaryReader reader, ReadOnlySpan<DateTimeOffset> ofCall)
    {
        Dialog? first = null;
        Span<DateTimeOffset> times = [.. ofCall, default, default];
        while (reader.ReadByte() is var flags and not 0)
        {
            ulong tag = reader.ReadUInt64();
            StateTimes.Read(reader, times, ofCall.Length);
            first = new Dialog
            {
                CalleeTag = tag,
                IsAcknowledged = (flags & 2) != 0,
                IsByeFromCaller = (flags & 4) != 0,
                IsEnded = (flags & 8) != 0,
                ByeAt = times[^2],
                RevokedByeAt = times[^1],
                ByeCSeq = (uint)reader.Read7BitEncodedInt64(),
                RequestAfterBye = (flags & 16) != 0 ? reader.ReadUInt64() : 0,
                Next = first,
            };
        }

        return first;
    }
}
