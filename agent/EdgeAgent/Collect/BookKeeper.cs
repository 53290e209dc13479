using System.Globalization;
using System.Text.Json;
using EdgeAgent.Core.Evidence;

namespace EdgeAgent.Collect;

/// <summary>Judges messages and enters them, within the transaction of their batch.</summary>
/// <param name="books">The books.</param>
/// <param name="enrolled">Agents whose new key is taken without the old one's word.</param>
internal sealed class BookKeeper(Books books, IReadOnlyCollection<string> enrolled)
{
    private const string Online = "online";
    private const int MaxRetentionDays = 3_650; // as the agent's own configuration bounds it
    private const string PastAll = "~"; // names of epochs begin with a digit

    /// <summary>Enters one message. Never throws on its content.</summary>
    public void Enter(BookArrival arrival)
    {
        if (books.Agent(arrival.Agent) is not CollectedAgent agent)
        {
            books.Report(FindingKind.Limit, arrival.Agent, "", 0, $"agent {arrival.Agent} is one more than the books hold (--max-agents)", arrival.At);
            return;
        }

        switch (arrival.Kind)
        {
            case ArrivalKind.Record:
                EnterRecord(agent, arrival);
                break;
            case ArrivalKind.Status when Text(arrival.Payload, "state") is string state && state != agent.State:
                agent.State = state is Online or "stopping" ? state : "offline";
                agent.IsChanged = true;
                break;
            case ArrivalKind.Info when Text(arrival.Payload, "publicKey") is string key:
                TakeInfo(agent, key, arrival);
                break;
            default:
                break; // replies: a record that was asked for comes as itself
        }
    }

    private void EnterRecord(CollectedAgent agent, BookArrival arrival)
    {
        agent.IsChanged = true;
        if (!SignedRecord.TryRead(arrival.Payload.Span, out SignedRecord? record, out string fault))
        {
            Refuse(agent, FindingKind.Malformed, "", 0, $"a record of agent {agent.Id} {fault}", arrival.At);
            return;
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"record {record!.Seq} of epoch {record.Epoch} of agent {record.Agent}");
        if (record.Agent != agent.Id)
        {
            Refuse(agent, FindingKind.Epoch, record.Epoch, record.Seq, $"{name} came under the topic of agent {agent.Id}", arrival.At);
            return;
        }

        if (record.PublicKey is not null && EvidenceKey.TryRead(record.PublicKey, out EvidenceKey? stated)
            && !(stated!.Fits(record.Hash, record.Signature) && TakeKey(agent, stated, record, arrival.At)))
        {
            stated.Dispose();
        }

        if (agent.Keys.FirstOrDefault(key => key.Fits(record.Hash, record.Signature)) is not EvidenceKey signer)
        {
            bool isOther = record.KeyFingerprint is string used && agent.Keys.All(key => key.Fingerprint != used);
            Refuse(
                agent,
                FindingKind.Signature,
                record.Epoch,
                record.Seq,
                agent.Keys.Count == 0 ? $"{name} came before its public key"
                : isOther ? $"{name} is signed with another key ({record.KeyFingerprint}), or was edited"
                : $"{name} was edited: its signature does not fit its content",
                arrival.At);
            return;
        }

        if (agent.Reigns.EndOf(signer.Fingerprint, record.Epoch, record.Seq) is KeyReign end)
        {
            Refuse(agent, FindingKind.Signature, record.Epoch, record.Seq, $"{name} {end.Against(signer.Fingerprint)}", arrival.At);
            return;
        }

        agent.Reigns.Note(signer.Fingerprint, record.Epoch, record.Seq);
        Count(agent, record, name, arrival);
    }

    private void Count(CollectedAgent agent, SignedRecord record, string name, BookArrival arrival)
    {
        if (books.Epoch(agent.Id, record.Epoch) is not CollectedEpoch epoch)
        {
            Refuse(agent, FindingKind.Limit, "", 0, $"epoch {record.Epoch} of agent {agent.Id} is one more than the books hold", arrival.At);
            return;
        }

        if (epoch.Accounted.Contains(record.Seq))
        {
            agent.Duplicates++;
            if (books.Find(epoch, record.Seq) is StoredRecord known && known.Hash != record.Hash)
            {
                Refuse(agent, FindingKind.Conflict, record.Epoch, record.Seq, $"{name} exists twice with different content: history was rewritten or the store put back", arrival.At);
            }

            return;
        }

        if (!epoch.Accounted.TryAdd(record.Seq, record.Seq))
        {
            Refuse(agent, FindingKind.Limit, record.Epoch, 0, $"epoch {record.Epoch} of agent {agent.Id} has more than {SeqRanges.MaxRanges} holes", arrival.At);
            return;
        }

        epoch.IsChanged = true;
        epoch.KeptFrom = Math.Min(epoch.KeptFrom, record.Seq);
        CheckNeighbours(epoch, record, name, arrival.At);
        books.Store(epoch, record.Seq, new StoredRecord(arrival.Payload, record.Hash, record.Prev, arrival.At, IsAbsorbed: false));
        using JsonDocument document = JsonDocument.Parse(arrival.Payload);
        books.Sums.Add(agent.Id, document.RootElement, isTakenBack: false);
        foreach (Hole hole in record.Holes.Where(hole => hole.To < record.Seq))
        {
            Absorb(agent, epoch, hole, name, arrival.At);
        }

        agent.Records++;
        agent.LastRecordAt = arrival.At;
        agent.Epoch = string.CompareOrdinal(record.Epoch, agent.Epoch) > 0 ? record.Epoch : agent.Epoch; // its name begins with its time
    }

    /// <summary>
    /// Records summed up in a tombstone came all the same, when only their acknowledgement was lost: the tombstone counts them, so they are
    /// taken out of the sums. Those still to come are accounted for.
    /// </summary>
    private void Absorb(CollectedAgent agent, CollectedEpoch epoch, in Hole hole, string name, DateTimeOffset at)
    {
        IReadOnlyList<long> kept = books.FindCounted(epoch, hole.From, hole.To);
        long gone = epoch.Accounted.Count(hole.From, hole.To) - epoch.Explained.Count(hole.From, hole.To) - kept.Count;
        if (gone > 0)
        {
            books.Report(
                FindingKind.Limit, agent.Id, epoch.Name, hole.From,
                $"{name} sums up {gone} records that had come and are no longer kept (--keep-days): their figures are in the sums twice", at);
        }

        foreach (long seq in kept)
        {
            StoredRecord counted = books.Find(epoch, seq)!;
            using JsonDocument document = JsonDocument.Parse(counted.Payload);
            books.Sums.Add(agent.Id, document.RootElement, isTakenBack: true);
            books.Store(epoch, seq, counted with { IsAbsorbed = true });
        }

        epoch.Accounted.TryAdd(hole.From, hole.To);
        epoch.Explained.TryAdd(hole.From, hole.To);
    }

    private void CheckNeighbours(CollectedEpoch epoch, SignedRecord record, string name, DateTimeOffset at)
    {
        if (record.Seq == 1 && record.Begins?.HashFor(epoch.Agent, epoch.Name) != record.Prev)
        {
            books.Report(FindingKind.Epoch, epoch.Agent, epoch.Name, 1, $"{name} does not say truly how the epoch begins", at);
        }

        if (record.Seq > 1 && books.Find(epoch, record.Seq - 1) is StoredRecord before && before.Hash != record.Prev)
        {
            books.Report(FindingKind.Link, epoch.Agent, epoch.Name, record.Seq, $"{name} does not follow the one before it: one of them was replaced or edited", at);
        }

        if (books.Find(epoch, record.Seq + 1) is StoredRecord after && after.Prev != record.Hash)
        {
            books.Report(FindingKind.Link, epoch.Agent, epoch.Name, record.Seq, $"{name} is not the one that its successor names: one of them was replaced or edited", at);
        }
    }

    /// <summary>
    /// A key stated by a record that fits it; true when it is kept. The first one is pinned; another one signs from here on by the word of the
    /// one that signs until here, or where the collector was told to take it.
    /// </summary>
    private bool TakeKey(CollectedAgent agent, EvidenceKey stated, SignedRecord record, DateTimeOffset at)
    {
        bool isKnown = agent.Keys.Any(key => key.Text == stated.Text);
        bool isSigning = isKnown && agent.Reigns.EndOf(stated.Fingerprint, record.Epoch, record.Seq) is null;
        EvidenceKey? former = FormerOf(agent, stated, record.Succeeds, record.Epoch, record.Seq);
        if (former is null && !isSigning && enrolled.Contains(agent.Id))
        {
            former = agent.Keys.LastOrDefault(key => key.Text != stated.Text);
        }

        if (former is null && !isSigning && agent.Keys.Count > 0)
        {
            ReportKey(agent, stated, at);
            return false;
        }

        if (!agent.Reigns.TryBegin(new KeyReign(stated.Fingerprint, former?.Fingerprint, record.Epoch, record.Seq)) || isKnown)
        {
            return false;
        }

        agent.Pin(stated);
        return true;
    }

    /// <summary>A key stated beside the records: taken in the same cases, though no record yet says from where on it signs.</summary>
    private void TakeKey(CollectedAgent agent, string text, KeySuccession? word, DateTimeOffset at)
    {
        if (!EvidenceKey.TryRead(text, out EvidenceKey? stated))
        {
            return;
        }

        bool isKnown = agent.Keys.Any(key => key.Text == stated!.Text);
        if (!isKnown && (agent.Keys.Count == 0 || enrolled.Contains(agent.Id) || FormerOf(agent, stated!, word, PastAll, long.MaxValue) is not null))
        {
            agent.Pin(stated!);
            return;
        }

        if (!isKnown)
        {
            ReportKey(agent, stated!, at);
        }

        stated!.Dispose();
    }

    /// <summary>The key that gave its word for another, where it may still sign; null when there is none.</summary>
    private static EvidenceKey? FormerOf(CollectedAgent agent, EvidenceKey successor, KeySuccession? word, string epoch, long seq) =>
        agent.Keys.FirstOrDefault(key => word?.IsOf(key, agent.Id, successor.Text) == true && agent.Reigns.EndOf(key.Fingerprint, epoch, seq) is null);

    private void ReportKey(CollectedAgent agent, EvidenceKey stated, DateTimeOffset at) => books.Report(
        FindingKind.Key, agent.Id, "", 0, $"agent {agent.Id} shows another public key ({stated.Fingerprint}): if that is right, enrol it (--enrol {agent.Id})", at);

    private void Refuse(CollectedAgent agent, FindingKind kind, string epoch, long seq, string text, DateTimeOffset at)
    {
        agent.Refused++;
        books.Report(kind, agent.Id, epoch, seq, text, at);
    }

    private void TakeInfo(CollectedAgent agent, string key, BookArrival arrival)
    {
        using JsonDocument info = JsonDocument.Parse(arrival.Payload); // read as a document a moment ago
        TakeKey(agent, key, Succession(info.RootElement), arrival.At);
        if (info.RootElement.TryGetProperty("retentionDays", out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out int days) && days is > 0 and <= MaxRetentionDays)
        {
            agent.RetentionDays = days;
            agent.IsChanged = true;
        }
    }

    private static KeySuccession? Succession(JsonElement info) =>
        info.TryGetProperty("succeeds", out JsonElement word) && word.ValueKind == JsonValueKind.Object
            && word.TryGetProperty("key", out JsonElement key) && key.ValueKind == JsonValueKind.String
            && word.TryGetProperty("sig", out JsonElement signature) && signature.ValueKind == JsonValueKind.String
                ? new KeySuccession(key.GetString()!, signature.GetString()!)
                : null;

    private static string? Text(ReadOnlyMemory<byte> payload, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return null; // an empty retained message, or none of ours
        }
    }
}
