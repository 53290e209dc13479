using System.Text;
using EdgeAgent.Core.Packets;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Packets;

public sealed class FragmentReassemblerTests
{
    private const ushort Identification = 77;

    private static readonly byte[] Invite = Encoding.ASCII.GetBytes($"INVITE sip:x SIP/2.0\r\nX: {new string('x', 3_000)}\r\n\r\n");
    private static readonly byte[] Other = Encoding.ASCII.GetBytes($"INVITE sip:y SIP/2.0\r\nY: {new string('y', 3_000)}\r\n\r\n");

    private readonly FragmentReassembler _reassembler = new(FragmentLimits.Default);
    private readonly List<byte[]> _found = [];
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryComplete_InOrder_GivesTheDatagramWithTheLastFragment(bool isIPv6)
    {
        Feed(Fragments.Of(Invite, Identification, 1_480, isIPv6)[..^1]);
        _found.ShouldBeEmpty();

        Feed(Fragments.Of(Invite, Identification, 1_480, isIPv6)[^1..]);

        _found.ShouldBe([Invite]);
        _reassembler.GivenUp.ShouldBe(0);
    }

    [Fact]
    public void TryComplete_Reversed_GivesTheDatagram()
    {
        Feed([.. Fragments.Of(Invite, Identification, 8).Reverse()]);

        _found.ShouldBe([Invite]);
    }

    [Fact]
    public void TryComplete_TheTimeOfTheLastFragment_IsTheTimeOfTheDatagram()
    {
        byte[][] frames = Fragments.Of(Invite, Identification, 2_000);
        _reassembler.TryComplete(frames[0], DateTimeOffset.UnixEpoch, out _).ShouldBeFalse();
        DateTimeOffset last = DateTimeOffset.UnixEpoch.AddSeconds(7);

        _reassembler.TryComplete(frames[1], last, out CapturedPacket datagram).ShouldBeTrue();

        datagram.At.ShouldBe(last);
    }

    [Fact]
    public void TryComplete_TwoDatagramsInterleaved_KeepsThemApart()
    {
        byte[][] first = Fragments.Of(Invite, Identification, 1_000);
        byte[][] second = Fragments.Of(Other, Identification + 1, 1_000);

        Feed([.. first.Zip(second).SelectMany(pair => new[] { pair.First, pair.Second })]);

        _found.ShouldBe([Invite, Other]);
    }

    [Fact]
    public void TryComplete_SameIdentificationFromAnotherSender_KeepsThemApart()
    {
        byte[][] first = Fragments.Of(Invite, Identification, 1_000);
        byte[][] second = Fragments.Of(Other, Identification, 1_000);
        foreach (byte[] frame in second)
        {
            frame[15] = 9; // last byte of the IPv4 source address
        }

        Feed([.. second.Zip(first).SelectMany(pair => new[] { pair.First, pair.Second })]);

        _found.ShouldBe([Other, Invite]);
    }

    [Fact]
    public void TryComplete_EveryFragmentTwice_GivesOneDatagramAndLosesNothing()
    {
        Feed([.. Fragments.Of(Invite, Identification, 1_000).SelectMany(frame => new[] { frame, frame })]);
        _reassembler.Complete();

        _found.ShouldBe([Invite]);
        _reassembler.GivenUp.ShouldBe(0);
    }

    [Fact]
    public void TryComplete_IdentificationUsedAgainAtOnce_GivesBoth()
    {
        Feed([.. Fragments.Of(Invite, Identification, 1_000), .. Fragments.Of(Other, Identification, 1_000)]);

        _found.ShouldBe([Invite, Other]);
    }

    [Fact]
    public void TryComplete_OverlapWithOtherBytes_RefusesBothAndCountsThem()
    {
        byte[][] frames = Fragments.Of(Invite, Identification, 1_000);
        byte[] forged = [.. Fragments.Of(Other, Identification, 1_000)[1]];

        Feed([frames[0], frames[1], forged, frames[2], frames[3]]);
        _reassembler.Complete();

        _found.ShouldBeEmpty();
        _reassembler.GivenUp.ShouldBe(5);
        _reassembler.Bytes.ShouldBe(0);
    }

    [Theory]
    [InlineData(1_000, 3)]
    [InlineData(8, 1)]
    public void TryComplete_LastFragmentEndsBeforeAnother_Refuses(int bytes, int count)
    {
        byte[][] frames = Fragments.Of(Invite, Identification, bytes);
        byte[] early = Fragments.Of(Invite.AsSpan(0, 400).ToArray(), Identification, 200)[^1];

        Feed([.. frames.Skip(1).TakeLast(count), early]);

        _found.ShouldBeEmpty();
        _reassembler.GivenUp.ShouldBe(count + 1);
    }

    [Fact]
    public void TryComplete_CutBySnapLength_RefusesTheFragment()
    {
        byte[] frame = Fragments.Of(Invite, Identification, 1_000)[0];

        _reassembler.TryComplete(frame.AsSpan(0, 96), _now, out _).ShouldBeFalse();

        _reassembler.GivenUp.ShouldBe(1);
    }

    [Fact]
    public void Expire_PastTheHoldTime_CountsWhatWasKept()
    {
        Feed(Fragments.Of(Invite, Identification, 1_000)[..2]);
        _reassembler.Expire(_now + FragmentLimits.Default.MaxHold);
        _reassembler.GivenUp.ShouldBe(0);

        _reassembler.Expire(_now + FragmentLimits.Default.MaxHold + TimeSpan.FromSeconds(1));

        _reassembler.GivenUp.ShouldBe(2);
        _reassembler.Bytes.ShouldBe(0);
    }

    [Fact]
    public void TryComplete_FloodOfFirstFragments_StaysWithinItsBytes()
    {
        FragmentLimits limits = new(MaxBytes: 100_000);
        FragmentReassembler reassembler = new(limits);
        for (int i = 0; i < 1_000; i++)
        {
            byte[] first = Fragments.Of(Invite, (ushort)i, 1_000)[0];
            reassembler.TryComplete(first, _now, out _).ShouldBeFalse();
            reassembler.Bytes.ShouldBeLessThanOrEqualTo(limits.MaxBytes);
        }

        reassembler.Complete();
        reassembler.GivenUp.ShouldBe(1_000);
    }

    [Fact]
    public void TryComplete_OldestDatagramGrowsPastTheBytes_StaysWithinThem()
    {
        FragmentLimits limits = new(MaxBytes: 100_000);
        FragmentReassembler reassembler = new(limits);
        byte[][] growing = Fragments.Of(new byte[60_000], Identification, 8);
        reassembler.TryComplete(growing[0], _now, out _).ShouldBeFalse();
        for (ushort i = 0; i < 50; i++)
        {
            reassembler.TryComplete(Fragments.Of(Invite, i, 1_000)[0], _now, out _).ShouldBeFalse();
        }

        foreach (byte[] fragment in growing[1..^1])
        {
            reassembler.TryComplete(fragment, _now, out _).ShouldBeFalse();
            reassembler.Bytes.ShouldBeLessThanOrEqualTo(limits.MaxBytes);
        }
    }

    /// <summary>Datagrams of one small fragment each cost the most beside their bytes.</summary>
    [Fact]
    public void Bytes_FloodOfSmallFragments_IsNoLessThanWhatTheyTake()
    {
        byte[][] frames = [.. Enumerable.Range(0, 5_000).Select(i => Fragments.Of(Invite, (ushort)i, 8)[0])];
        long before = GC.GetAllocatedBytesForCurrentThread();

        foreach (byte[] frame in frames)
        {
            _reassembler.TryComplete(frame, _now, out _);
        }

        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        taken.ShouldBeLessThan(_reassembler.Bytes);
    }

    [Fact]
    public void TryDissect_FragmentOfAnotherProtocol_IsNoFragmentOfOurs()
    {
        byte[] icmp = Frames.IPv4(1, new byte[64], fragment: 0x2000);

        PacketDissector.TryDissect(Frames.Captured(LinkType.Raw, icmp), out _).ShouldBe(DissectResult.OtherProtocol);
    }

    /// <summary>Any cut in multiples of eight, any order, any copies: the datagram, once.</summary>
    [Property]
    public Property TryComplete_AnyCutOrderAndCopies_GivesTheSameBytes() => Prop.ForAll(
        Gen.Choose(1, 200).Select(units => units * 8).ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        ArbMap.Default.ArbFor<bool>(),
        (bytes, seed, isIPv6) =>
        {
            Random random = new(seed);
            FragmentReassembler reassembler = new(FragmentLimits.Default);
            byte[][] frames = [.. Fragments.Of(Invite, Identification, bytes, isIPv6)];
            byte[][] sent = [.. frames, .. frames.Where(_ => random.Next(2) == 0)];
            random.Shuffle(sent);
            List<byte[]> found = Feed(reassembler, sent, DateTimeOffset.UnixEpoch);
            reassembler.Complete();
            return found.Count == 1 && found[0].SequenceEqual(Invite) && reassembler is { GivenUp: 0, Bytes: 0 };
        });

    /// <summary>Whatever comes in, nothing escapes, and what was taken is either handed over or counted.</summary>
    [Property]
    public void TryComplete_AnyBytes_NeverThrows(byte[] noise, int seed)
    {
        Random random = new(seed);
        foreach (byte[] frame in Fragments.Of(noise, Identification, 16, isIPv6: seed % 2 == 0))
        {
            frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
            _reassembler.TryComplete(frame, _now, out _);
        }

        _reassembler.Complete();
        _reassembler.Bytes.ShouldBe(0);
    }

    private static List<byte[]> Feed(FragmentReassembler reassembler, IEnumerable<byte[]> frames, DateTimeOffset at)
    {
        List<byte[]> found = [];
        foreach (byte[] frame in frames)
        {
            CapturedPacket packet = Frames.Captured(LinkType.Raw, frame) with { At = at };
            PacketDissector.TryDissect(packet, out TransportPacket transport).ShouldBe(DissectResult.Fragment);
            if (reassembler.TryComplete(transport.Payload.Span, at, out CapturedPacket datagram))
            {
                PacketDissector.TryDissect(datagram, out transport).ShouldBe(DissectResult.Payload);
                found.Add(transport.Payload.ToArray());
            }
        }

        return found;
    }

    private void Feed(IReadOnlyList<byte[]> frames)
    {
        _now += TimeSpan.FromMilliseconds(1);
        _found.AddRange(Feed(_reassembler, frames, _now));
    }
}
