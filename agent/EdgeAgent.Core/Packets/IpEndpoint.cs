using System.Net;

namespace EdgeAgent.Core.Packets;

/// <summary>Address and port of one side of a packet, without allocation. IPv4 is held as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2).</summary>
/// <param name="Address">128 bits, network order read as a number.</param>
/// <param name="Port">UDP or TCP port.</param>
public readonly record struct IpEndpoint(UInt128 Address, ushort Port)
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    /// <summary>True for an IPv4 address, also where it was written as IPv4-mapped IPv6.</summary>
    public bool IsIPv4 => Address >> 32 == (MappedPrefix >> 32);

    /// <summary>Makes an endpoint from 4 IPv4 bytes as a number.</summary>
    public static IpEndpoint FromIPv4(uint address, ushort port) => new(new UInt128(0, MappedPrefix | address), port);

    /// <summary>Makes an endpoint from an address of either family.</summary>
    public static IpEndpoint From(IPAddress address, ushort port)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        return new IpEndpoint(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes), port);
    }

    /// <summary>The address as the framework's type; allocates, for messages only.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        IPAddress address = new(bytes);
        return IsIPv4 ? address.MapToIPv4() : address;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        IsIPv4 ? $"{ToIPAddress()}:{Port}" : $"[{ToIPAddress()}]:{Port}";
}
