using System.Text;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>A message as strings, so that tests can compare whole results: a ref struct has no equality.</summary>
internal sealed record ParsedMessage(
    SipRejection Rejection,
    bool IsRequest = false,
    SipMethod Method = SipMethod.Other,
    string RequestUri = "",
    int StatusCode = 0,
    string ReasonPhrase = "",
    string CallId = "",
    uint CSeq = 0,
    string From = "",
    string FromTag = "",
    string To = "",
    string ToTag = "",
    string ViaBranch = "",
    string Identities = "",
    int ContentLength = 0)
{
    public static ParsedMessage Of(byte[] bytes, SipLimits? limits = null)
    {
        SipRejection rejection = SipParser.TryParse(bytes, limits ?? SipLimits.Default, out SipMessage message);
        return rejection != SipRejection.None
            ? new ParsedMessage(rejection)
            : new ParsedMessage(
                rejection,
                message.IsRequest,
                message.Method,
                SipSamples.Text(message.RequestUri),
                message.StatusCode,
                Encoding.UTF8.GetString(message.ReasonPhrase),
                SipSamples.Text(message.CallId),
                message.CSeq,
                SipSamples.Text(message.From),
                SipSamples.Text(message.FromTag),
                SipSamples.Text(message.To),
                SipSamples.Text(message.ToTag),
                SipSamples.Text(message.ViaBranch),
                TextOfIdentities(message),
                message.ContentLength);
    }

    /// <summary>The user part of an address as counting sees it; null when there is none.</summary>
    public static string? UserNumber(string address)
    {
        bool isRead = NameAddr.TryParse(SipSamples.Bytes(address), out NameAddr value);
        return isRead && SipUri.TryParse(value.Uri, out SipUri uri) && !uri.UserNumber.IsEmpty
            ? SipSamples.Text(uri.UserNumber)
            : null;
    }

    private static string TextOfIdentities(in SipMessage message) => string.Join(
        '|',
        SipSamples.Text(message.PAssertedIdentity),
        SipSamples.Text(message.PAssertedIdentity2),
        SipSamples.Text(message.PPreferredIdentity),
        SipSamples.Text(message.RemotePartyId),
        SipSamples.Text(message.Privacy),
        SipSamples.Text(message.Diversion),
        SipSamples.Text(message.SessionExpires),
        SipSamples.Text(message.Reason),
        SipSamples.Text(message.Identity));
}
