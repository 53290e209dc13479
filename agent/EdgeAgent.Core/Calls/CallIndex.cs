using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeAgent.Core.Calls;

/// <summary>Finds the calls of one Call-ID without allocating. Several calls may share a Call-ID; the newest comes first.</summary>
internal sealed class CallIndex
{
    private readonly Dictionary<byte[], Call> _calls;
    private readonly Dictionary<byte[], Call>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    public CallIndex()
    {
        Span<byte> seed = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(seed);
        _calls = new Dictionary<byte[], Call>(new BytesComparer(BitConverter.ToUInt64(seed)));
        _byBytes = _calls.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>All calls held, ended ones included.</summary>
    public int Count { get; private set; }

    /// <summary>Every call held.</summary>
    public IEnumerable<Call> All
    {
        get
        {
            foreach (Call head in _calls.Values)
            {
                for (Call? call = head; call is not null; call = call.NextSameCallId)
                {
                    yield return call;
                }
            }
        }
    }

    /// <summary>The newest call with this Call-ID, null when there is none.</summary>
    public Call? Find(ReadOnlySpan<byte> callId) => _byBytes.TryGetValue(callId, out Call? call) ? call : null;

    /// <summary>Puts a call before the others of its Call-ID.</summary>
    public void Add(Call call)
    {
        ref Call? head = ref CollectionsMarshal.GetValueRefOrAddDefault(_calls, call.CallIdBytes, out _);
        call.NextSameCallId = head;
        head = call;
        Count++;
    }

    /// <summary>Forgets a call.</summary>
    public void Remove(Call call)
    {
        Call head = _calls[call.CallIdBytes];
        Count--;
        if (head == call)
        {
            if (call.NextSameCallId is null)
            {
                _calls.Remove(call.CallIdBytes);
            }
            else
            {
                _calls[call.CallIdBytes] = call.NextSameCallId;
            }

            return;
        }

        Call previous = head;
        while (previous.NextSameCallId != call)
        {
            previous = previous.NextSameCallId!;
        }

        previous.NextSameCallId = call.NextSameCallId;
    }

    private sealed class BytesComparer(ulong seed)
        : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate) => (int)ByteHash.Of(alternate, seed);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
