namespace EdgeAgent.Core.Tests.Cases;

/// <summary>Damages bytes as disks, networks and attackers do.</summary>
internal static class ByteDamage
{
    private static readonly byte[] Telling = [0, 1, 0x7F, 0x80, 0xFF, (byte)'\r', (byte)'\n', (byte)' ', (byte)':', (byte)';', (byte)',', (byte)'"', (byte)'<', (byte)'>', (byte)'9'];

    /// <summary>A damaged copy of <paramref name="bytes"/>; what is spliced in comes from <paramref name="other"/>.</summary>
    public static byte[] To(byte[] bytes, byte[] other, Random random)
    {
        byte[] result = [.. bytes];
        for (int rounds = random.Next(1, 4); rounds > 0 && result.Length > 0; rounds--)
        {
            int at = random.Next(result.Length);
            int length = random.Next(Math.Min(64, result.Length - at) + 1);
            result = random.Next(7) switch
            {
                0 => Flipped(result, random),
                1 => result[..at], // cut off
                2 => [.. result[..at], .. other[random.Next(other.Length)..]], // another's end
                3 => [.. result[..at], .. result[(at + length)..]], // bytes lost
                4 => [.. result[..(at + length)], .. result[at..]], // bytes twice
                5 => [.. result[..at], .. Enumerable.Repeat(Telling[random.Next(Telling.Length)], length), .. result[(at + length)..]],
                _ => Overwritten(result, random),
            };
        }

        return result;
    }

    private static byte[] Flipped(byte[] bytes, Random random)
    {
        for (int flips = random.Next(1, 17); flips > 0; flips--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static byte[] Overwritten(byte[] bytes, Random random)
    {
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            bytes[random.Next(bytes.Length)] = Telling[random.Next(Telling.Length)];
        }

        return bytes;
    }
}
