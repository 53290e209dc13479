namespace EdgeAgent.Core.Sip;

/// <summary>
/// The values of all Identity headers of a message, in its order (RFC 8224 §4): a call that was forwarded carries one for each who vouches
/// for a part of its way (RFC 8946). Made for <c>foreach</c>.
/// </summary>
/// <param name="first">Value of the first header.</param>
/// <param name="further">Header lines from behind the first to the end of the last; others may stand between them.</param>
public readonly ref struct IdentityValues(ReadOnlySpan<byte> first, ReadOnlySpan<byte> further)
{
    private readonly ReadOnlySpan<byte> _first = first;
    private readonly ReadOnlySpan<byte> _further = further;

    /// <summary>Begins at the first value.</summary>
    public Enumerator GetEnumerator() => new(_first, _further);

    /// <summary>Walks the values.</summary>
    public ref struct Enumerator
    {
        private SipHeaderScanner _lines;
        private ReadOnlySpan<byte> _line;

        internal Enumerator(ReadOnlySpan<byte> first, ReadOnlySpan<byte> further)
        {
            _line = first;
            _lines = new SipHeaderScanner(further);
        }

        /// <summary>The value read last.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next value that is not empty.</summary>
        public bool MoveNext()
        {
            while (true)
            {
                while (CommaList.TryReadNext(ref _line, out ReadOnlySpan<byte> value))
                {
                    if (!value.IsEmpty)
                    {
                        Current = value;
                        return true;
                    }
                }

                if (_lines.ReadNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> next) != HeaderStep.Header)
                {
                    return false;
                }

                _line = SipHeaderName.Classify(name) == SipHeaderKind.Identity ? SipText.Trim(next) : default;
            }
        }
    }
}
