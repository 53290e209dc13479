namespace EdgeAgent.Core.Sip;

/// <summary>Method names on the wire; they are compared with regard to case (RFC 3261 §7.1).</summary>
internal static class SipMethodName
{
    /// <summary>Reads a method, known or not.</summary>
    /// <returns>False when the text is no token (RFC 3261 §25.1).</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out SipMethod method)
    {
        method = Classify(text);
        return method != SipMethod.Other || SipText.IsToken(text);
    }

    /// <summary>The method of a token, <see cref="SipMethod.Other"/> when it means nothing to call counting.</summary>
    private static SipMethod Classify(ReadOnlySpan<byte> token) => token.Length switch
    {
        3 => token.SequenceEqual("ACK"u8) ? SipMethod.Ack
            : token.SequenceEqual("BYE"u8) ? SipMethod.Bye
            : SipMethod.Other,
        4 => token.SequenceEqual("INFO"u8) ? SipMethod.Info : SipMethod.Other,
        5 => token.SequenceEqual("PRACK"u8) ? SipMethod.Prack
            : token.SequenceEqual("REFER"u8) ? SipMethod.Refer
            : SipMethod.Other,
        6 => token.SequenceEqual("INVITE"u8) ? SipMethod.Invite
            : token.SequenceEqual("CANCEL"u8) ? SipMethod.Cancel
            : token.SequenceEqual("UPDATE"u8) ? SipMethod.Update
            : token.SequenceEqual("NOTIFY"u8) ? SipMethod.Notify
            : SipMethod.Other,
        7 => token.SequenceEqual("OPTIONS"u8) ? SipMethod.Options
            : token.SequenceEqual("MESSAGE"u8) ? SipMethod.Message
            : token.SequenceEqual("PUBLISH"u8) ? SipMethod.Publish
            : SipMethod.Other,
        8 => token.SequenceEqual("REGISTER"u8) ? SipMethod.Register : SipMethod.Other,
        9 => token.SequenceEqual("SUBSCRIBE"u8) ? SipMethod.Subscribe : SipMethod.Other,
        _ => SipMethod.Other,
    };
}
