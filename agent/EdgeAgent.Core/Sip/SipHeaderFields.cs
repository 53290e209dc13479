namespace EdgeAgent.Core.Sip;

/// <summary>
/// Header values of one message while its lines are walked. Every header is stored at its first occurrence only; PAI keeps its
/// first two, History-Info its last two, Identity all.
/// </summary>
internal ref struct SipHeaderFields
{
    public ReadOnlySpan<byte> CallId;
    public ReadOnlySpan<byte> CSeq;
    public ReadOnlySpan<byte> From;
    public ReadOnlySpan<byte> To;
    public ReadOnlySpan<byte> Via;
    public ReadOnlySpan<byte> ContentLength;
    public ReadOnlySpan<byte> PAssertedIdentity;
    public ReadOnlySpan<byte> PAssertedIdentity2;
    public ReadOnlySpan<byte> PPreferredIdentity;
    public ReadOnlySpan<byte> RemotePartyId;
    public ReadOnlySpan<byte> Privacy;
    public ReadOnlySpan<byte> Diversion;
    public ReadOnlySpan<byte> SessionExpires;
    public ReadOnlySpan<byte> Reason;
    public ReadOnlySpan<byte> Identity;
    public ReadOnlySpan<byte> FurtherIdentities;
    public ReadOnlySpan<byte> HistoryInfo;
    public ReadOnlySpan<byte> HistoryInfoBefore;
    public ReadOnlySpan<byte> ReferTo;
    public ReadOnlySpan<byte> ReferredBy;
    public ReadOnlySpan<byte> Replaces;
    private int _identityEnd;

    /// <summary>Walks all lines up to the empty one.</summary>
    /// <param name="scanner">Stands at the first header line.</param>
    /// <param name="maxLines">See <see cref="SipLimits.MaxHeaderLines"/>.</param>
    /// <param name="isCut">The bytes end before the head does; what was read is still whole.</param>
    public SipRejection ReadAll(ref SipHeaderScanner scanner, int maxLines, out bool isCut)
    {
        isCut = false;
        for (int line = 0; ; line++)
        {
            HeaderStep step = scanner.ReadNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
            if (step != HeaderStep.Header)
            {
                isCut = step == HeaderStep.Cut;
                return step == HeaderStep.Malformed ? SipRejection.MalformedHeader : SipRejection.None;
            }

            if (line == maxLines)
            {
                return SipRejection.TooManyHeaders;
            }

            SipHeaderKind kind = SipHeaderName.Classify(name);
            if (kind == SipHeaderKind.Identity)
            {
                KeepAll(SipText.Trim(value), scanner);
            }
            else if (kind != SipHeaderKind.Other)
            {
                Store(kind, SipText.Trim(value));
            }
            else if (IsStartLine(name, value))
            {
                // Bytes between two messages are lost: what follows must not be taken for headers of the first.
                return SipRejection.MalformedHeader;
            }
        }
    }

    /// <summary>A request line has a colon too, the one of its URI, and so looks like a header named "INVITE sip".</summary>
    private static bool IsStartLine(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        value.Length > 8
        && (value[^1] == (byte)'0' || value[^2] == (byte)'0')
        && name.Contains((byte)' ')
        && SipText.Trim(value).EndsWith(" SIP/2.0"u8);

    private void Store(SipHeaderKind kind, ReadOnlySpan<byte> value)
    {
        switch (kind)
        {
            case SipHeaderKind.CallId: Keep(ref CallId, value); break;
            case SipHeaderKind.CSeq: Keep(ref CSeq, value); break;
            case SipHeaderKind.From: Keep(ref From, value); break;
            case SipHeaderKind.To: Keep(ref To, value); break;
            case SipHeaderKind.Via: Keep(ref Via, value); break;
            case SipHeaderKind.ContentLength: Keep(ref ContentLength, value); break;
            case SipHeaderKind.PAssertedIdentity: KeepTwo(value); break;
            case SipHeaderKind.PPreferredIdentity: Keep(ref PPreferredIdentity, value); break;
            case SipHeaderKind.RemotePartyId: Keep(ref RemotePartyId, value); break;
            case SipHeaderKind.Privacy: Keep(ref Privacy, value); break;
            case SipHeaderKind.Diversion: Keep(ref Diversion, value); break;
            case SipHeaderKind.SessionExpires: Keep(ref SessionExpires, value); break;
            case SipHeaderKind.Reason: Keep(ref Reason, value); break;
            case SipHeaderKind.HistoryInfo: KeepLastTwo(value); break;
            case SipHeaderKind.ReferTo: Keep(ref ReferTo, value); break;
            case SipHeaderKind.ReferredBy: Keep(ref ReferredBy, value); break;
            case SipHeaderKind.Replaces: Keep(ref Replaces, value); break;
        }
    }

    private void KeepAll(ReadOnlySpan<byte> identity, scoped in SipHeaderScanner scanner)
    {
        if (Identity.IsEmpty)
        {
            Identity = identity;
            _identityEnd = scanner.Position;
        }
        else
        {
            FurtherIdentities = scanner.WalkedFrom(_identityEnd);
        }
    }

    private void KeepTwo(ReadOnlySpan<byte> value)
    {
        if (PAssertedIdentity.IsEmpty)
        {
            PAssertedIdentity = value;
        }
        else
        {
            Keep(ref PAssertedIdentity2, value);
        }
    }

    private void KeepLastTwo(ReadOnlySpan<byte> value)
    {
        HistoryInfoBefore = HistoryInfo;
        HistoryInfo = value;
    }

    private static void Keep(ref ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        if (field.IsEmpty)
        {
            field = value;
        }
    }
}
