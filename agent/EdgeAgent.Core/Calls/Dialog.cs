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
    internal static void SaveAll(BinaryWriter writer, Dialog? first)
    {
        for (Dialog? dialog = first; dialog is not null; dialog = dialog.Next)
        {
            writer.Write(true);
            writer.Write(dialog.CalleeTag);
            writer.Write(dialog.IsAcknowledged);
            writer.Write(dialog.ByeAt.UtcTicks);
            writer.Write(dialog.RevokedByeAt.UtcTicks);
            writer.Write(dialog.IsByeFromCaller);
            writer.Write(dialog.ByeCSeq);
            writer.Write(dialog.IsEnded);
            writer.Write(dialog.RequestAfterBye);
        }

        writer.Write(false);
    }

    /// <summary>Reads what <see cref="SaveAll"/> wrote; the order of the chain does not matter.</summary>
    internal static Dialog? LoadAll(BinaryReader reader)
    {
        Dialog? first = null;
        while (reader.ReadBoolean())
        {
            first = new Dialog
            {
                CalleeTag = reader.ReadUInt64(),
                IsAcknowledged = reader.ReadBoolean(),
                ByeAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
                RevokedByeAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
                IsByeFromCaller = reader.ReadBoolean(),
                ByeCSeq = reader.ReadUInt32(),
                IsEnded = reader.ReadBoolean(),
                RequestAfterBye = reader.ReadUInt64(),
                Next = first,
            };
        }

        return first;
    }
}
