namespace EdgeAgent.Core.Guard.State;

/// <summary>A hit in saved state.</summary>
internal static class HitState
{
    public static void Save(BinaryWriter writer, in GuardHit hit)
    {
        writer.Write((byte)hit.Rule);
        writer.Write(hit.Reason);
        writer.Write((byte)hit.Asked);
        writer.Write((byte)hit.Action);
        writer.Write(hit.IsCritical);
        writer.Write(hit.IsOrder);
        writer.Write(hit.Value);
        writer.Write(hit.Limit);
        writer.Write(hit.Sample);
        writer.Write(hit.AllowedAt?.UtcTicks ?? -1);
        writer.Write(hit.Reference ?? "");
    }

    public static GuardHit Load(BinaryReader reader)
    {
        GuardHit hit = new()
        {
            Rule = (GuardId)reader.ReadByte(),
            Reason = reader.ReadString(),
            Asked = (GuardAction)reader.ReadByte(),
            Action = (GuardAction)reader.ReadByte(),
            IsCritical = reader.ReadBoolean(),
            IsOrder = reader.ReadBoolean(),
            Value = reader.ReadDouble(),
            Limit = reader.ReadDouble(),
            Sample = reader.ReadInt64(),
        };
        long allowed = reader.ReadInt64();
        string reference = reader.ReadString();
        return hit with
        {
            AllowedAt = allowed < 0 ? null : new DateTimeOffset(allowed, TimeSpan.Zero),
            Reference = reference.Length == 0 ? null : reference,
        };
    }
}
