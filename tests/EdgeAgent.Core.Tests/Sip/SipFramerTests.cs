using System.Buffers;
using EdgeAgent.Core.Sip;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Sip;

public class SipFramerTests
{
    [Fact]
    public void TryCut_SeveralMessagesWithKeepAlives_CutsEachExactly()
    {
        byte[] stream = SipSamples.Bytes("\r\n\r\n" + SipSamples.Invite + "\r\n\r\n" + SipSamples.Bye + SipSamples.Busy);

        (List<string> messages, FrameResult last) = CutAll(new ReadOnlySequence<byte>(stream));

        messages.ShouldBe([SipSamples.Invite, SipSamples.Bye, SipSamples.Busy]);
        last.ShouldBe(default);
    }

    [Fact]
    public void TryCut_OneBytePerSegment_CutsTheSameMessages()
    {
        byte[] stream = SipSamples.Bytes("\r\n\r\n" + SipSamples.Invite + SipSamples.Bye + SipSamples.Busy);

        CutAll(Segments.OneBytePer(stream)).Messages.ShouldBe(CutAll(new ReadOnlySequence<byte>(stream)).Messages);
    }

    [Fact]
    public void TryCut_EveryProperPrefix_AsksForMore()
    {
        foreach (string sample in SipSamples.All)
        {
            for (int length = 0; length < sample.Length; length++)
            {
                byte[] prefix = SipSamples.Bytes(sample[..length]);
                Cut(new ReadOnlySequence<byte>(prefix)).ShouldBe(default, $"{length} bytes of {sample[..6]}");
                Cut(Segments.CutAt(prefix, [length / 2])).ShouldBe(default, $"{length} bytes in two segments");
            }
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("Content-Length: 3\r\n", 3)]
    [InlineData("l:3\r\n", 3)]
    [InlineData("CONTENT-LENGTH \t:\r\n\t 0003 \r\n", 3)]
    [InlineData("Content-Length: 3\r\nl: 3\r\n", 3)]
    [InlineData("Content-Length: 3\n", 3)]
    [InlineData("no colon here\r\nContent-Length: 3\r\n", 3)]
    public void TryCut_ContentLengthForms_TakesThatMuchBody(string lines, int bodyBytes)
    {
        string head = "BYE sip:a@h SIP/2.0\r\nTo: <sip:a@h>\r\n" + lines + "\r\n";

        (List<string> messages, _) = CutAll(new ReadOnlySequence<byte>(SipSamples.Bytes(head + "abc\r\n")));

        messages[0].ShouldBe(head + "abc"[..bodyBytes]);
    }

    [Theory]
    [InlineData("Content-Length: x", SipRejection.BadContentLength)]
    [InlineData("Content-Length:", SipRejection.BadContentLength)]
    [InlineData("Content-Length: -1", SipRejection.BadContentLength)]
    [InlineData("Content-Length: 1, 1", SipRejection.BadContentLength)]
    [InlineData("Content-Length: 1\r\nl: 2", SipRejection.BadContentLength)]
    [InlineData("Content-Length: 1048577", SipRejection.BodyTooLarge)]
    [InlineData("Content-Length: 99999999999999999999999", SipRejection.BodyTooLarge)]
    public void TryCut_UnusableContentLength_IsRejectedByName(string line, SipRejection expected)
    {
        byte[] bytes = SipSamples.Bytes("BYE sip:a@h SIP/2.0\r\n" + line + "\r\n\r\n");

        Cut(new ReadOnlySequence<byte>(bytes)).ShouldBe(FrameResult.Rejected(expected));
        Cut(Segments.OneBytePer(bytes)).ShouldBe(FrameResult.Rejected(expected));
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("SIP/2.0 OK")]
    [InlineData("SIP/2.0 900")]
    [InlineData("SIP/2.01")]
    [InlineData("INVITE\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("v=0\r\n")]
    [InlineData("INVITE \u0000\u0001")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public void TryCut_CannotBecomeAStartLine_IsRejectedAtOnce(string bytes)
    {
        Cut(new ReadOnlySequence<byte>(SipSamples.Bytes(bytes))).ShouldBe(FrameResult.Rejected(SipRejection.NotSip));
    }

    [Theory]
    [InlineData("BYE sip:a@h SIP/2.0\r\nSubject: ")]
    [InlineData("BYE sip:")]
    public void TryCut_HeadPastItsLimit_IsRejectedBeforeItsEnd(string start)
    {
        SipLimits limits = new(MaxHeadBytes: 4_096);
        byte[] atLimit = SipSamples.Bytes(start.PadRight(4_096, 'x'));
        byte[] pastLimit = SipSamples.Bytes(start.PadRight(4_097, 'x'));

        Cut(new ReadOnlySequence<byte>(atLimit), limits).ShouldBe(default);
        Cut(new ReadOnlySequence<byte>(pastLimit), limits).ShouldBe(FrameResult.Rejected(SipRejection.HeadTooLarge));
        Cut(Segments.OneBytePer(pastLimit), limits).ShouldBe(FrameResult.Rejected(SipRejection.HeadTooLarge));
    }

    [Fact]
    public void TryCut_HeadExactlyAtItsLimit_IsComplete()
    {
        const string Head = "BYE sip:a@h SIP/2.0\r\nSubject: x\r\n\r\n";

        Cut(new ReadOnlySequence<byte>(SipSamples.Bytes(Head)), new SipLimits(Head.Length)).IsComplete.ShouldBeTrue();
        Cut(new ReadOnlySequence<byte>(SipSamples.Bytes(Head)), new SipLimits(Head.Length - 1))
            .ShouldBe(FrameResult.Rejected(SipRejection.HeadTooLarge));
    }

    [Fact]
    public void TryCut_HeadLongerThanTheFirstCopy_IsCutAcrossSegments()
    {
        string message = "BYE sip:a@h SIP/2.0\r\nSubject: " + new string('x', 5_000) + "\r\nl: 2\r\n\r\nok";

        (List<string> messages, _) = CutAll(Segments.CutAt(SipSamples.Bytes(message + message), [7, 3_000, 5_050, 7_000]));

        messages.ShouldBe([message, message]);
    }

    [Theory]
    [InlineData("INVITE sip:a@h SIP/2.0", true)]
    [InlineData("SIP/2.0 200 OK\r\nVia: x", true)]
    [InlineData("sip/2.0 100", true)]
    [InlineData("Via: SIP/2.0/UDP h", false)]
    [InlineData("INVITE sip:a@h", false)]
    [InlineData("a=rtpmap:0 PCMU/8000", false)]
    [InlineData("", false)]
    public void LooksLikeStart_Line_IsToldFromHeadersAndBodies(string line, bool expected)
    {
        SipFramer.LooksLikeStart(SipSamples.Bytes(line)).ShouldBe(expected);
    }

    [Fact]
    public void IndexOfStart_JoinedInMidMessage_FindsTheNextStartLine()
    {
        string rest = SipSamples.Invite[40..];

        SipFramer.IndexOfStart(SipSamples.Bytes(rest + SipSamples.Busy)).ShouldBe(rest.Length);
        SipFramer.IndexOfStart(SipSamples.Bytes(rest)).ShouldBe(-1);
        SipFramer.IndexOfStart(SipSamples.Bytes(SipSamples.Bye)).ShouldBe(0);
    }

    [Fact]
    public void TryCut_WarmedUp_AllocatesNothing()
    {
        byte[] stream = SipSamples.Bytes(SipSamples.Invite);
        ReadOnlySequence<byte> whole = new(stream);
        ReadOnlySequence<byte> split = Segments.CutAt(stream, [100, 300]);
        for (int i = 0; i < 100; i++)
        {
            Cut(whole);
            Cut(split);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isComplete = Cut(whole).IsComplete && Cut(split).IsComplete;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        isComplete.ShouldBeTrue();
        allocated.ShouldBe(0);
    }

    internal static (List<string> Messages, FrameResult Last) CutAll(ReadOnlySequence<byte> buffer)
    {
        List<string> messages = [];
        FrameResult result;
        while ((result = SipFramer.TryCut(ref buffer, SipLimits.Default, out ReadOnlySequence<byte> message)).IsComplete)
        {
            messages.Add(SipSamples.Text(message.ToArray()));
        }

        return (messages, result);
    }

    private static FrameResult Cut(ReadOnlySequence<byte> buffer, SipLimits? limits = null) =>
        SipFramer.TryCut(ref buffer, limits ?? SipLimits.Default, out _);
}
