using System.Buffers;
using EdgeAgent.Core.Sip;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

public class SipParserPropertyTests
{
    /// <summary>What replaces bytes: the characters that steer the parsers, and some that never should.</summary>
    private static ReadOnlySpan<byte> Steering => "\r\n\t :;,<>\"\\=@[]?%09AZaz\0\u00ff"u8;

    [Property(MaxTest = 2_000)]
    public void AnyReader_MutatedMessage_NeverThrows(byte sample, (ushort Place, byte Value)[] changes)
    {
        byte[] bytes = SipSamples.Bytes(SipSamples.All[sample % SipSamples.All.Length]);
        foreach ((ushort place, byte value) in changes)
        {
            bytes[place % bytes.Length] = Steering[value % Steering.Length];
        }

        ReadEverything(bytes).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Property(MaxTest = 2_000)]
    public void AnyReader_ArbitraryBytes_NeverThrows(byte[] bytes, byte[] choices)
    {
        byte[] steered = [.. choices.Select(choice => Steering[choice % Steering.Length])];

        ReadEverything(bytes).ShouldBeGreaterThanOrEqualTo(0);
        ReadEverything(steered).ShouldBeGreaterThanOrEqualTo(0);
        ReadEverything([.. SipSamples.Bytes("BYE sip:a SIP/2.0\r\nf:"), .. steered]).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Property(MaxTest = 500)]
    public void TryCut_AnySegmentation_GivesTheSameMessages(ushort[] places, byte[] order)
    {
        string text = string.Concat(order.Select(choice => SipSamples.All[choice % SipSamples.All.Length]));
        byte[] stream = SipSamples.Bytes(text + "\r\n\r\n" + SipSamples.Bye);
        IEnumerable<int> cuts = places.Select(place => place % (stream.Length + 1));

        (List<string> messages, FrameResult last) = SipFramerTests.CutAll(Segments.CutAt(stream, cuts));

        messages.Count.ShouldBe(order.Length + 1);
        messages.ShouldBe(SipFramerTests.CutAll(new ReadOnlySequence<byte>(stream)).Messages);
        last.ShouldBe(default);
    }

    [Property(MaxTest = 500)]
    public void TryParse_HeadersInAnyOrder_ReadsTheSame(int seed)
    {
        foreach (string sample in SipSamples.All)
        {
            string[] lines = Lines(sample, out string body);
            string[] headers = lines[1..];
            new Random(seed).Shuffle(headers);

            // Two lines of one name are a list, whose order means something (RFC 3261 §7.3.1).
            headers = [.. headers.OrderBy(line => line.StartsWith("P-Asserted-Identity: <tel", StringComparison.Ordinal))];

            ShouldReadTheSame(sample, lines[0], headers, body);
        }
    }

    [Property(MaxTest = 500)]
    public void TryParse_HeaderNamesInAnyCase_ReadsTheSame(int seed)
    {
        Random random = new(seed);
        foreach (string sample in SipSamples.All)
        {
            string[] lines = Lines(sample, out string body);
            ShouldReadTheSame(sample, lines[0], [.. lines[1..].Select(line => ChangeCase(line, random))], body);
        }
    }

    [Property(MaxTest = 500)]
    public void TryParse_FoldedHeaders_ReadsTheSameTagsAndNumbers(int seed)
    {
        Random random = new(seed);
        foreach (string sample in SipSamples.All)
        {
            string[] lines = Lines(sample, out string body);
            string[] folded = [.. lines[1..].Select(line => Fold(line, random))];
            ParsedMessage actual = ParsedMessage.Of(SipSamples.Bytes(Join(lines[0], folded, body)));
            ParsedMessage expected = ParsedMessage.Of(SipSamples.Bytes(sample));

            // Values keep their folding, so whole values are compared without it.
            actual.CallId.ShouldBe(expected.CallId);
            actual.CSeq.ShouldBe(expected.CSeq);
            actual.FromTag.ShouldBe(expected.FromTag);
            actual.ToTag.ShouldBe(expected.ToTag);
            actual.ViaBranch.ShouldBe(expected.ViaBranch);
            actual.ContentLength.ShouldBe(expected.ContentLength);
            ParsedMessage.UserNumber(actual.From).ShouldBe(ParsedMessage.UserNumber(expected.From));
        }
    }

    [Property(MaxTest = 2_000)]
    public void TryReadTag_MutatedAddress_AgreesWithTheFullReader((byte Place, byte Value)[] changes)
    {
        byte[] bytes = SipSamples.Bytes("\"Anne; \\\" <x>\" <sip:+33199000002@pbx.test;user=phone>;x=\"a\";tag=6ec9d286;y");
        foreach ((byte place, byte value) in changes)
        {
            bytes[place % bytes.Length] = Steering[value % Steering.Length];
        }

        ReadOnlySpan<byte> text = SipText.Trim(bytes);
        bool isReadable = NameAddr.TryParse(text, out NameAddr address);
        address.TryGetParameter("tag"u8, out ReadOnlySpan<byte> expected);

        NameAddr.TryReadTag(text, out ReadOnlySpan<byte> actual).ShouldBe(isReadable);
        SipSamples.Text(actual).ShouldBe(SipSamples.Text(expected));
    }

    [Fact]
    public void TryReadTag_PlainAddress_AgreesWithTheFullReader()
    {
        foreach (string text in new[] { "<sip:a@h>;tag=1", "<sip:a@h>", "<>;tag=1", "< >;tag=1", "<\r>", "< sip:a@h>;tag=1", "<sip:a@h>;tag= 1", "<sip:a>;tag=1 ;x" })
        {
            bool isReadable = NameAddr.TryParse(SipSamples.Bytes(text), out NameAddr address);
            address.TryGetParameter("tag"u8, out ReadOnlySpan<byte> expected);

            NameAddr.TryReadTag(SipSamples.Bytes(text), out ReadOnlySpan<byte> actual).ShouldBe(isReadable, text);
            SipSamples.Text(actual).ShouldBe(SipSamples.Text(expected), text);
        }
    }

    /// <summary>Runs every reader there is over the bytes; the sum only keeps the work from being left out.</summary>
    internal static int ReadEverything(byte[] bytes)
    {
        int sum = SipFramerTests.CutAll(new ReadOnlySequence<byte>(bytes)).Messages.Count;
        sum += SipFramerTests.CutAll(Segments.CutAt(bytes, [bytes.Length / 3, bytes.Length / 2])).Messages.Count;
        sum += SipFramer.IndexOfStart(bytes) + (SipFramer.LooksLikeStart(bytes) ? 1 : 0) + 1;
        SipParser.TryParse(bytes, SipLimits.Default, out SipMessage message);
        sum += ReadValue(message.From) + ReadValue(message.To) + ReadValue(message.PAssertedIdentity);
        sum += ReadValue(message.RemotePartyId) + ReadValue(message.SessionExpires) + ReadValue(message.RequestUri);
        return sum + ReadValue(bytes) + (SipParser.IsKeepAlive(bytes) ? 1 : 0);
    }

    private static int ReadValue(ReadOnlySpan<byte> value)
    {
        int sum = SipUri.TryParse(value, out SipUri uri) ? uri.UserNumber.Length + uri.Host.Length : 0;
        foreach (NameAddr address in new IdentityHeader(value))
        {
            sum += address.DisplayName.Length;
            sum += SipUri.TryParse(address.Uri, out SipUri inner) ? inner.Port : 0;
            sum += inner.Parameters.TryGet("user"u8, out ReadOnlySpan<byte> user) ? user.Length : 0;
        }

        sum += RemotePartyIdHeader.TryParse(value, out _) ? 1 : 0;
        sum += PrivacyHeader.TryParse(value, out _) ? 1 : 0;
        sum += SessionExpiresHeader.TryParse(value, out _) ? 1 : 0;
        sum += ReasonHeader.HasNetworkBlock(value) ? 1 : 0;
        Span<byte> decoded = new byte[value.Length];
        PercentEncoding.TryDecode(value, decoded, out int written).ShouldBeTrue();
        return sum + written;
    }

    private static string[] Lines(string sample, out string body)
    {
        int end = sample.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        body = sample[(end + 4)..];
        return sample[..end].Split("\r\n");
    }

    private static string Join(string startLine, string[] headers, string body) =>
        startLine + "\r\n" + string.Join("\r\n", headers) + "\r\n\r\n" + body;

    private static void ShouldReadTheSame(string sample, string startLine, string[] headers, string body) =>
        ParsedMessage.Of(SipSamples.Bytes(Join(startLine, headers, body)))
            .ShouldBe(ParsedMessage.Of(SipSamples.Bytes(sample)));

    private static string ChangeCase(string line, Random random)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string blanks = new(' ', random.Next(3));
        string name = string.Concat(line[..colon].Select(
            letter => random.Next(2) == 0 ? char.ToUpperInvariant(letter) : char.ToLowerInvariant(letter)));
        return name + blanks + line[colon..];
    }

    /// <summary>Puts folding where the grammar has white space: behind the colon, around semicolons, for each blank.</summary>
    private static string Fold(string line, Random random)
    {
        string[] foldings = [" ", "\r\n ", "\r\n\t", " \r\n  "];
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string value = line[(colon + 1)..].TrimStart();
        bool isQuoted = value.Contains('"', StringComparison.Ordinal) || value.Contains("://", StringComparison.Ordinal);
        string Next() => foldings[random.Next(foldings.Length)];
        string inner = isQuoted
            ? value
            : string.Concat(value.Select(letter => letter switch
            {
                ' ' => Next(),
                ';' when !value.Contains('<', StringComparison.Ordinal) => Next() + ";" + Next(),
                _ => letter.ToString(),
            }));
        return line[..(colon + 1)] + Next() + inner;
    }
}
