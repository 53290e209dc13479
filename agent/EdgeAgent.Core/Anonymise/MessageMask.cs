using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Anonymise;

/// <summary>
/// Replaces in SIP messages, length by length, what tells of persons, companies and hosts. Learn from every message first, then replace.
/// The same thing becomes the same everywhere; different things stay different. One thread.
/// </summary>
public sealed class MessageMask
{
    private readonly NumberMap _numbers;
    private readonly AddressMap _addresses;
    private readonly ValueMask _values;
    private byte[] _scratch = [];

    /// <summary>Makes a mask that has learnt nothing.</summary>
    /// <param name="key">The secret behind all replacements.</param>
    public MessageMask(ReadOnlySpan<byte> key)
    {
        KeyedStream stream = new(key);
        FormPreserving form = new(stream);
        _numbers = new NumberMap(stream, form);
        _addresses = new AddressMap(stream, form);
        _values = new ValueMask(new WordMask(form), _numbers, _addresses);
    }

    /// <summary>Distinct telephone numbers learnt.</summary>
    public long Numbers => _numbers.Count;

    /// <summary>Distinct IP addresses learnt.</summary>
    public int Addresses => _addresses.Count;

    /// <summary>Notes the numbers and addresses of a message.</summary>
    public void Learn(ReadOnlySpan<byte> message)
    {
        if (_scratch.Length < message.Length)
        {
            _scratch = new byte[Math.Max(message.Length, 2 * _scratch.Length)];
        }

        Span<byte> copy = _scratch.AsSpan(0, message.Length);
        message.CopyTo(copy);
        _values.IsLearning = true;
        Run(copy);
    }

    /// <summary>Notes an address.</summary>
    public void Learn(UInt128 address) => _addresses.Learn(address);

    /// <summary>Replaces in place; the length stays.</summary>
    public void Replace(Span<byte> message)
    {
        _values.IsLearning = false;
        Run(message);
    }

    /// <summary>The address that stands for <paramref name="address"/>; networks of 8, 16 and 24 bits (IPv6: 16, 32, …) stay networks.</summary>
    public UInt128 Replace(UInt128 address) => _addresses.Of(address);

    /// <summary>
    /// The ranges that stand for <paramref name="range"/>: one where its length is a whole number of octets (IPv6: of groups), else the
    /// addresses that were seen inside it.
    /// </summary>
    public IReadOnlyList<Calls.HostRange> Replace(Calls.HostRange range)
    {
        int bits = (int)UInt128.PopCount(range.Mask);
        int unit = new IpEndpoint(range.Network, 0).IsIPv4 && bits > 96 ? 8 : 16;
        return bits % unit == 0
            ? [range with { Network = Replace(range.Network) & range.Mask }]
            : [.. _addresses.Seen.Where(address => (address & range.Mask) == range.Network)
                .Select(address => range with { Network = Replace(address), Mask = UInt128.MaxValue })];
    }

    /// <summary>The endpoint with its address replaced.</summary>
    public IpEndpoint Replace(IpEndpoint endpoint) => _addresses.Of(endpoint);

    private void Run(Span<byte> message)
    {
        while (!message.IsEmpty && message[0] is (byte)'\r' or (byte)'\n')
        {
            message = message[1..];
        }

        int end = EndOfLine(message, 0);
        StartLine(message[..end]);
        bool isSession = false;
        int position = end;
        while (position < message.Length)
        {
            int next = EndOfHeader(message, position);
            Span<byte> line = message[position..next];
            position = next;
            if (SipText.Trim(line).IsEmpty)
            {
                break;
            }

            isSession |= Header(line);
        }

        Body(message[position..], isSession);
    }

    private void StartLine(Span<byte> line)
    {
        if (line.Length > 8 && System.Text.Ascii.EqualsIgnoreCase(line[..8], "SIP/2.0 "u8))
        {
            _values.Phrase(line[Math.Min(line.Length, 12)..]);
            return;
        }

        int methodEnd = line.IndexOf((byte)' ');
        int uriEnd = line.TrimEnd(" \t\r\n"u8).LastIndexOfAny((byte)' ', (byte)'\t');
        if (methodEnd <= 0 || uriEnd <= methodEnd)
        {
            _values.Opaque(line);
            return;
        }

        _values.Counts(line[..methodEnd]); // a method of nobody's standard may name its maker; CSeq gets the same word
        _values.Addresses(line[(methodEnd + 1)..uriEnd]);
    }

    /// <summary>Replaces a header line with its folds.</summary>
    /// <returns>It says that the body is a session description.</returns>
    private bool Header(Span<byte> line)
    {
        if (SipFramer.LooksLikeStart(line))
        {
            StartLine(line); // a second head runs into the first, and is refused as such
            return false;
        }

        int colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            _values.Opaque(line);
            return false;
        }

        ReadOnlySpan<byte> name = SipText.Trim(line[..colon]);
        Span<byte> value = line[(colon + 1)..];
        switch (Vocabulary.FormOf(name))
        {
            case HeaderForm.Addresses:
                _values.Addresses(value);
                return false;
            case HeaderForm.Counts:
                _values.Counts(value);
                return false;
            case HeaderForm.Features:
                bool isSession = System.Text.Ascii.EqualsIgnoreCase(SipText.Trim(value), "application/sdp"u8);
                _values.Features(value);
                return isSession;
            case HeaderForm.Identity:
                _values.Identity(value);
                return false;
            case HeaderForm.Opaque:
                _values.Opaque(value);
                return false;
            default:
                _values.Opaque(line[..colon]);
                _values.Opaque(value);
                return false;
        }
    }

    /// <summary>Of a session description its form is kept; of any other body, which may hold numbers in whatever coding, its length.</summary>
    private void Body(Span<byte> body, bool isSession)
    {
        if (!isSession)
        {
            foreach (ref byte each in body)
            {
                each = each is (byte)'\r' or (byte)'\n' ? each : (byte)'x';
            }

            return;
        }

        for (int position = 0; position < body.Length;)
        {
            int end = EndOfLine(body, position);
            Span<byte> line = body[position..end];
            position = end;
            if (line.Length < 2 || line[1] != (byte)'=')
            {
                _values.SessionLine(line, hasProtocolNumbers: false);
            }
            else
            {
                _values.SessionLine(line[2..], line[0] is (byte)'v' or (byte)'m' or (byte)'a' or (byte)'b' or (byte)'t');
            }
        }
    }

    private static int EndOfLine(ReadOnlySpan<byte> text, int start)
    {
        int feed = text[start..].IndexOf((byte)'\n');
        return feed < 0 ? text.Length : start + feed + 1;
    }

    /// <summary>A line that begins with a blank belongs to the header before it (RFC 3261 §7.3.1).</summary>
    private static int EndOfHeader(ReadOnlySpan<byte> text, int start)
    {
        int end = EndOfLine(text, start);
        while (end < text.Length && text[end] is (byte)' ' or (byte)'\t' && !SipText.Trim(text[start..end]).IsEmpty)
        {
            end = EndOfLine(text, end);
        }

        return end;
    }
}
