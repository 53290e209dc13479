using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;
using LiteDB;

namespace EdgeAgent.Collect;

/// <summary>
/// The open books: agents, epochs, every record with its exact bytes, sums, findings. One thread. Each batch is one transaction followed by
/// a checkpoint; only then may its messages be acknowledged. After an exception the books must be closed and opened again.
/// </summary>
internal sealed class Books : IDisposable
{
    private const int MaxFindings = 10_000;
    private const int MaxEpochs = 100_000;
    private const int AgentSlackDays = 2; // an agent removes what is a day past its retention, and its record of that has to come

    private readonly LiteDatabase _database;
    private readonly ILiteCollection<BsonDocument> _agentDocuments;
    private readonly ILiteCollection<BsonDocument> _epochDocuments;
    private readonly ILiteCollection<BsonDocument> _records;
    private readonly ILiteCollection<BsonDocument> _findings;
    private readonly Dictionary<string, CollectedAgent> _agents = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Agent, string Name), CollectedEpoch> _epochs = [];
    private readonly int _maxAgents;
    private int _findingCount;

    private Books(LiteDatabase database, int maxAgents)
    {
        _database = database;
        _maxAgents = maxAgents;
        _agentDocuments = database.GetCollection("agents");
        _epochDocuments = database.GetCollection("epochs");
        _records = database.GetCollection("records", BsonAutoId.Int64);
        _findings = database.GetCollection("findings");
        Sums = new BookSums(database);
        foreach (BsonDocument document in _agentDocuments.FindAll().ToList())
        {
            CollectedAgent agent = CollectedAgent.From(document);
            _agents.Add(agent.Id, agent);
        }

        foreach (BsonDocument document in _epochDocuments.FindAll().ToList())
        {
            CollectedEpoch epoch = CollectedEpoch.From(document);
            _epochs.Add((epoch.Agent, epoch.Name), epoch);
        }

        _findingCount = _findings.Count();
    }

    /// <summary>All agents.</summary>
    public IEnumerable<CollectedAgent> Agents => _agents.Values;

    /// <summary>All epochs.</summary>
    public IEnumerable<CollectedEpoch> Epochs => _epochs.Values;

    /// <summary>Sums per number.</summary>
    public BookSums Sums { get; }

    /// <summary>Opens the file, or makes it (mode 0600: it names the company's numbers).</summary>
    public static Books Open(string path, int maxAgents)
    {
        if (!File.Exists(path))
        {
            DurableFile.CreatePrivate(path).Dispose();
        }

        LiteDatabase database = new(new ConnectionString
        {
            Filename = path,
            Connection = ConnectionType.Direct,
            Collation = Collation.Binary,
        });
        try
        {
            database.UtcDate = true;
            database.CheckpointSize = 1_000;
            return new Books(database, maxAgents);
        }
        catch
        {
            JournalOpening.Close(database);
            throw;
        }
    }

    /// <summary>Enters messages; on disk when it returns. The same messages may be entered again: nothing counts twice.</summary>
    public void Enter(IReadOnlyList<BookArrival> arrivals, IReadOnlyCollection<string> enrolled)
    {
        if (!_database.BeginTrans())
        {
            throw new InvalidOperationException("a transaction is already open on the books' thread");
        }

        BookKeeper keeper = new(this, enrolled);
        foreach (BookArrival arrival in arrivals)
        {
            keeper.Enter(arrival);
        }

        Sums.Write();
        foreach (CollectedAgent agent in _agents.Values.Where(agent => agent.IsChanged))
        {
            _agentDocuments.Upsert(agent.ToDocument());
            agent.IsChanged = false;
        }

        foreach (CollectedEpoch epoch in _epochs.Values.Where(epoch => epoch.IsChanged))
        {
            _epochDocuments.Upsert(epoch.ToDocument());
            epoch.IsChanged = false;
        }

        _database.Commit();
        _database.Checkpoint();
        Sums.Clear();
    }

    /// <summary>
    /// Removes records that came before a time, oldest first and at most so many; their figures stay in the sums. The last of each epoch stays:
    /// it is what the next one follows, and what an anchor names. So does what its agent still has, for that may come back as a tombstone.
    /// </summary>
    /// <param name="keep">How long records are kept.</param>
    /// <param name="now">The collector's clock.</param>
    /// <param name="max">Records removed at once at most.</param>
    /// <returns>True when there may be more to remove.</returns>
    public bool Trim(TimeSpan keep, DateTimeOffset now, int max)
    {
        if (!_database.BeginTrans())
        {
            throw new InvalidOperationException("a transaction is already open on the books' thread");
        }

        int left = max;
        foreach (CollectedEpoch epoch in _epochs.Values.TakeWhile(_ => left > 0))
        {
            TimeSpan agentKeeps = TimeSpan.FromDays(_agents[epoch.Agent].RetentionDays + AgentSlackDays);
            left -= Trim(epoch, now - (keep > agentKeeps ? keep : agentKeeps), left);
        }

        _database.Commit();
        _database.Checkpoint();
        return left == 0;
    }

    private int Trim(CollectedEpoch epoch, DateTimeOffset before, int max)
    {
        List<long> old = [.. _records.Find(Query.Between("_id", epoch.KeyOf(epoch.KeptFrom), epoch.KeyOf(epoch.Accounted.Last - 1)), limit: max)
            .TakeWhile(document => document["t"].AsInt64 < before.UtcTicks)
            .Select(document => document["_id"].AsInt64)];
        foreach (long key in old)
        {
            _records.Delete(key);
        }

        if (old.Count > 0)
        {
            epoch.KeptFrom = CollectedEpoch.SeqOf(old[^1]) + 1;
            _epochDocuments.Upsert(epoch.ToDocument());
        }

        return old.Count;
    }

    /// <summary>The agent of that name; null when there are too many.</summary>
    public CollectedAgent? Agent(string id)
    {
        if (!_agents.TryGetValue(id, out CollectedAgent? agent) && _agents.Count < _maxAgents)
        {
            agent = new CollectedAgent(id) { IsChanged = true };
            _agents.Add(id, agent);
        }

        return agent;
    }

    /// <summary>An epoch; null when there are too many.</summary>
    public CollectedEpoch? Epoch(string agent, string name)
    {
        if (!_epochs.TryGetValue((agent, name), out CollectedEpoch? epoch) && _epochs.Count < MaxEpochs)
        {
            epoch = new CollectedEpoch(agent, name, _epochs.Count + 1) { IsChanged = true };
            _epochs.Add((agent, name), epoch);
        }

        return epoch;
    }

    /// <summary>The epoch an agent writes now; null when no record of it came.</summary>
    public CollectedEpoch? Current(CollectedAgent agent) => _epochs.GetValueOrDefault((agent.Id, agent.Epoch));

    /// <summary>A stored record; null when it is not here.</summary>
    public StoredRecord? Find(CollectedEpoch epoch, long seq) =>
        _records.FindById(epoch.KeyOf(seq)) is BsonDocument document ? StoredRecord.From(document) : null;

    /// <summary>Numbers of the records in a range whose figures are in the sums.</summary>
    public IReadOnlyList<long> FindCounted(CollectedEpoch epoch, long first, long last) =>
        [.. _records.Find(Query.Between("_id", epoch.KeyOf(first), epoch.KeyOf(last)))
            .Where(document => !document["x"].AsBoolean)
            .Select(document => CollectedEpoch.SeqOf(document["_id"].AsInt64))];

    /// <summary>Stores a record.</summary>
    public void Store(CollectedEpoch epoch, long seq, StoredRecord record) =>
        _records.Upsert(record.ToDocument(epoch.KeyOf(seq)));

    /// <summary>Notes something wrong, once.</summary>
    public void Report(FindingKind kind, string agent, string epoch, long seq, string text, DateTimeOffset at)
    {
        string id = $"{agent}/{epoch}/{seq:D12}/{kind}/{RecordHash.Of(System.Text.Encoding.UTF8.GetBytes(text)).ToString()[..8]}";
        if (_findingCount >= MaxFindings || _findings.FindById(id) is not null)
        {
            return;
        }

        _findingCount++;
        _findings.Insert(new BsonDocument
        {
            ["_id"] = id, ["kind"] = kind.ToString(), ["agent"] = agent, ["epoch"] = epoch, ["seq"] = seq, ["text"] = text, ["at"] = at.UtcTicks,
        });
    }

    /// <summary>What was found wrong, by agent, epoch and number.</summary>
    public IReadOnlyList<Finding> Findings() =>
        [.. _agents.Values.SelectMany(Overdue), .. _findings.FindAll().Select(document => new Finding(
            Enum.Parse<FindingKind>(document["kind"].AsString), document["agent"].AsString, document["epoch"].AsString, document["seq"].AsInt64, document["text"].AsString))];

    /// <summary>Records that were entered before the one in which their key gave way.</summary>
    private static IEnumerable<Finding> Overdue(CollectedAgent agent) =>
        agent.Reigns.Overdue().Select(late => new Finding(FindingKind.Signature, agent.Id, late.Epoch, late.Seq, $"of agent {agent.Id}: {late.Text}"));

    public void Dispose()
    {
        JournalOpening.Close(_database);
        foreach (EvidenceKey key in _agents.Values.SelectMany(agent => agent.Keys))
        {
            key.Dispose();
        }
    }
}
