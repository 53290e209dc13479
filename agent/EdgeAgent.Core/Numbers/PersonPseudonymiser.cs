using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeAgent.Core.Numbers;

/// <summary>
/// Names a person without telling the number: the first 128 bits of HMAC-SHA-256, as 32 lower-case hex digits. A plain hash would be no
/// protection, since all French numbers can be tried in minutes; the key never leaves the host. The client stands in the message, so
/// that two clients' lists cannot be joined. Thread-safe until disposed.
/// </summary>
public sealed class PersonPseudonymiser : IDisposable
{
    /// <summary>Key length in bytes.</summary>
    public const int KeyBytes = 32;

    private const int PseudonymBytes = 16;
    private const int MaxClientIdBytes = 128;
    private const int MaxDigits = 20;

    // No UTF-8 text holds these bytes, so the message of an unreadable person, of a key, or of a line never equals that of a number, whatever the
    // client id.
    private const byte UnreadableMark = 0xFF;

    private const byte DerivationMark = 0xFE;

    private const byte LineMark = 0xFD;

    private readonly byte[] _key;
    private readonly byte[] _client;

    // Keyed once: to key a MAC costs more than to compute it. Shared by the threads that ask, so only under the lock.
    private readonly IncrementalHash _hmac;
    private readonly Lock _lock = new();
    private bool _isDisposed;

    /// <summary>Copies the key: the caller clears its own.</summary>
    /// <param name="key"><see cref="KeyBytes"/> random bytes.</param>
    /// <param name="clientId">The company on whose behalf calls are made; 1 to 128 bytes of UTF-8 without NUL.</param>
    /// <exception cref="ArgumentException">Key or client id is of the wrong form.</exception>
    public PersonPseudonymiser(ReadOnlySpan<byte> key, string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException("The key must be 32 bytes.", nameof(key));
        }

        _client = Encoding.UTF8.GetBytes(clientId + '\0');
        if (clientId.Length == 0 || clientId.Contains('\0', StringComparison.Ordinal) || _client.Length > MaxClientIdBytes + 1)
        {
            throw new ArgumentException("The client id must be 1 to 128 bytes without NUL.", nameof(clientId));
        }

        _key = GC.AllocateUninitializedArray<byte>(KeyBytes, pinned: true); // pinned: the collector leaves no copy behind
        key.CopyTo(_key);
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
    }

    /// <summary>The same under the key before this one, while that lives; null when there is none. Disposed of with this one.</summary>
    public PersonPseudonymiser? Former { get; init; }

    /// <summary>Pseudonym of a number: HMAC over client id, 0x00, E.164 digits without <c>+</c>. Allocates nothing.</summary>
    public Pseudonym PseudonymOf(E164Number person)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> message = stackalloc byte[MaxClientIdBytes + 1 + MaxDigits];
        _client.CopyTo(message);
        person.Digits.TryFormat(message[_client.Length..], out int digits, provider: CultureInfo.InvariantCulture);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _hmac.AppendData(message[..(_client.Length + digits)]);
            _hmac.GetHashAndReset(mac);
        }

        CryptographicOperations.ZeroMemory(message);
        return new Pseudonym(BinaryPrimitives.ReadUInt128BigEndian(mac));
    }

    /// <summary>The same as it is written.</summary>
    public string Of(E164Number person) => PseudonymOf(person).ToString();

    /// <summary>The same for tables in memory: <see cref="Pseudonym.Key"/>.</summary>
    public ulong KeyOf(E164Number person) => PseudonymOf(person).Key;

    /// <summary>
    /// Pseudonym of a person whose user part is no number: HMAC over 0xFF, client id, 0x00, the bytes with ASCII letters in lower case.
    /// </summary>
    /// <param name="userPart">Bytes of any length as they came.</param>
    public string OfUnreadable(ReadOnlySpan<byte> userPart)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData([UnreadableMark]);
        hash.AppendData(_client);
        Span<byte> chunk = stackalloc byte[128];
        while (!userPart.IsEmpty)
        {
            int taken = Math.Min(chunk.Length, userPart.Length);
            for (int i = 0; i < taken; i++)
            {
                chunk[i] = userPart[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(userPart[i] | 0x20) : userPart[i];
            }

            hash.AppendData(chunk[..taken]);
            userPart = userPart[taken..];
        }

        CryptographicOperations.ZeroMemory(chunk);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(mac);
        return Convert.ToHexStringLower(mac[..PseudonymBytes]);
    }

    /// <summary>Names an agent's line for tables in memory and on disk: 64 bits of HMAC over 0xFD, client id, 0x00, host, user; never 0.</summary>
    /// <param name="user">User part the phone calls under, such as an extension or the agent's name.</param>
    /// <param name="host">Its address.</param>
    public ulong KeyOfLine(ReadOnlySpan<byte> user, UInt128 host)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> address = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(address, host);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _hmac.AppendData([LineMark]);
            _hmac.AppendData(_client);
            _hmac.AppendData(address);
            _hmac.AppendData(user);
            _hmac.GetHashAndReset(mac);
        }

        return Math.Max(1, BinaryPrimitives.ReadUInt64BigEndian(mac));
    }

    /// <summary>Makes a key for another use, of which nothing can be told about this one: HMAC over 0xFE, client id, 0x00, the use.</summary>
    /// <param name="use">Names the use.</param>
    /// <param name="key">At most 32 bytes.</param>
    public void DeriveKey(string use, Span<byte> key)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, [DerivationMark, .. _client, .. Encoding.UTF8.GetBytes(use)], mac);
        mac[..key.Length].CopyTo(key);
        CryptographicOperations.ZeroMemory(mac);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            CryptographicOperations.ZeroMemory(_key);
            _hmac.Dispose();
            Former?.Dispose();
            _isDisposed = true;
        }
    }
}
