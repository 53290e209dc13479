namespace EdgeAgent.Core.Sip;

/// <summary>
/// The addresses of an identity header: P-Asserted-Identity and P-Preferred-Identity (RFC 3325 §9.1, §9.2), Remote-Party-ID
/// (draft-ietf-sip-privacy-04), Diversion (RFC 5806). Made for <c>foreach</c>; entries that cannot be read are left out.
/// </summary>
/// <param name="value">The header value, a comma list.</param>
public readonly ref struct IdentityHeader(ReadOnlySpan<byte> value)
{
    private readonly ReadOnlySpan<byte> _value = value;

    /// <summary>Begins at the first address.</summary>
    public Enumerator GetEnumerator() => new(_value);

    /// <summary>Takes the first address that can be read.</summary>
    public bool TryGetFirst(out NameAddr address)
    {
        Enumerator addresses = GetEnumerator();
        bool isFound = addresses.MoveNext();
        address = addresses.Current;
        return isFound;
    }

    /// <summary>Walks the list.</summary>
    /// <param name="rest">Entries not yet read.</param>
    public ref struct Enumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;
        private NameAddr _current;

        /// <summary>The address read last.</summary>
        public readonly NameAddr Current => _current;

        /// <summary>Goes to the next address that can be read.</summary>
        public bool MoveNext()
        {
            while (CommaList.TryReadNext(ref _rest, out ReadOnlySpan<byte> entry))
            {
                if (NameAddr.TryParse(entry, out _current))
                {
                    return true;
                }
            }

            _current = default;
            return false;
        }
    }
}
