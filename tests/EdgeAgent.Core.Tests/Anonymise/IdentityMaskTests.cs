using System.Text;
using EdgeAgent.Core.Anonymise;
using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Tests.Calls;
using EdgeAgent.Core.Tests.Sip;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Anonymise;

/// <summary>PASSporTs in anonymised captures: who vouches stays, who is called does not.</summary>
public sealed class IdentityMaskTests
{
    private const string Shaken =
        "{\"attest\":\"A\",\"dest\":{\"tn\":[\"33612345678\"]},\"iat\":1773136800,\"orig\":{\"tn\":\"33162123456\"},\"origid\":\"0a1b2c3d-acme\"}";

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static readonly string[] Values =
    [
        IdentityBytes.Of(Shaken, "shaken"),
        IdentityBytes.Of(Shaken.Replace("\"A\"", "\"B\"", StringComparison.Ordinal), "shaken", hasParameter: false),
        IdentityBytes.Of("{\"attest\":\"C\",\"orig\":{\"tn\":\"33170000009\"}}", "shaken"),
        IdentityBytes.Of("{\"orig\":{\"uri\":\"sip:+33170000009@acme.example\"},\"attest\":\"A\"}", "shaken"),
        IdentityBytes.Of("{\"dest\":{\"tn\":[\"33612345678\"]},\"div\":{\"tn\":\"33199000001\"},\"orig\":{\"tn\":\"33162123456\"}}", "div"),
        IdentityBytes.Of("{\"div\":{\"tn\":\"33199000002\"}}", "div-o", hasParameter: false),
        IdentityBytes.Of("{\"attest\":\"D\",\"orig\":{\"tn\":33162123456},\"rcd\":{\"nam\":\"Acm\\u00e9 SARL\",\"é\":1.5e3}}", "rcd"),
        IdentityBytes.Of("{\"attest\":\"A\",", "shaken"),
        IdentityBytes.Of("[]", "shaken"),
        IdentityBytes.Of("{\"attest\":\"A\"} acme", "shaken"),
        "no dots at all",
        "e30.!!!!.e30;info=<https://certs.acme.example>",
        "..c2lnbmF0dXJl;info=<https://certs.acme.example>;ppt=shaken",
        "",
    ];

    [Fact]
    public void Replace_AShakenPassport_KeepsWhatCountsAndHidesTheRest()
    {
        string invite = InviteWith(Values[0]);
        string masked = Mask(invite);

        masked.Length.ShouldBe(invite.Length);
        string line = masked.Split("\r\n").Single(each => each.StartsWith("Identity:", StringComparison.Ordinal));
        line.ShouldEndWith(";alg=ES256;ppt=shaken");
        line.ShouldNotContain("c2lnbmF0dXJl");
        line.ShouldNotContain("acme");
        string payload = IdentityBytes.PayloadOf(line);
        payload.ShouldContain("{\"attest\":\"A\",\"dest\":{\"tn\":[\"3361234");
        payload.ShouldContain("\"iat\":1773136800,\"orig\":{\"tn\":\"3316212");
        payload.ShouldNotContain("5678");
        payload.ShouldNotContain("3456");
        payload.ShouldNotContain("acme");
        payload.ShouldNotContain("0a1b2c3d");
        string from = masked.Split("\r\n").Single(each => each.StartsWith("From:", StringComparison.Ordinal));
        from.ShouldContain(payload.Split("\"orig\":{\"tn\":\"")[1].Split('"')[0]); // the same number became the same
    }

    [Property(MaxTest = 100)]
    public void Figures_OfMaskedCalls_AreThoseOfTheOriginals(byte[] choices)
    {
        MessageMask mask = new(Key);
        List<(byte[] Bytes, IpEndpoint Source, IpEndpoint Destination, DateTimeOffset At)> messages = [];
        for (int i = 0; i + 2 < choices.Length; i += 3)
        {
            string[] values = [Values[choices[i] % Values.Length], Values[choices[i + 1] % Values.Length], Values[choices[i + 2] % Values.Length]];
            string identities = i % 2 == 0
                ? string.Concat(values.Select(value => $"Identity: {value}\r\n"))
                : $"y: {string.Join(" , ", values)}\r\n";
            messages.Add((Encoding.UTF8.GetBytes(InviteWith(null, identities, $"call-{i}")), Hosts.Pbx, Hosts.Carrier, Scenario.At(i)));
        }

        string before = Figures(messages);
        messages.ForEach(message => mask.Learn(message.Bytes));
        messages.ForEach(message => mask.Replace(message.Bytes));

        Figures(messages).ShouldBe(before);
        messages.ForEach(message => Encoding.UTF8.GetString(message.Bytes).ShouldNotContain("acme"));
    }

    [Property(MaxTest = 500)]
    public void Replace_AnyPayload_KeepsTheLengthAndNeverThrows(string? payload)
    {
        string invite = InviteWith(IdentityBytes.Of(payload ?? "", "shaken"));

        Mask(invite).Length.ShouldBe(invite.Length);
    }

    private static string InviteWith(string? identity, string? headers = null, string callId = "call") =>
        "INVITE sip:+33612345678@carrier.test SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"
        + $"From: <sip:+33162123456@h>;tag={callId}\r\nTo: <sip:+33612345678@carrier.test>\r\nCall-ID: {callId}\r\nCSeq: 1 INVITE\r\n"
        + (headers ?? $"Identity: {identity}\r\n") + "Content-Length: 0\r\n\r\n";

    private static string Figures(List<(byte[] Bytes, IpEndpoint Source, IpEndpoint Destination, DateTimeOffset At)> messages)
    {
        EngineRun run = new EngineRun().Play(messages.Select(message =>
            SipPacket.Of(Encoding.Latin1.GetString(message.Bytes), message.Source, message.Destination, message.At)));
        run.Engine.Finish();
        string figures = run.Figures();
        return figures[(figures.IndexOf(':', StringComparison.Ordinal) + 1)..]; // but for the number, which is another one
    }

    private static string Mask(string message)
    {
        MessageMask mask = new(Key);
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        mask.Learn(bytes);
        mask.Replace(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
