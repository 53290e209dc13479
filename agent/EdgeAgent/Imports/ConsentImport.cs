using System.Text;
using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Numbers;

namespace EdgeAgent.Imports;

/// <summary>What a person told a client, as a line of an import. Holds a person's number: it travels over the control socket only, and is never kept.</summary>
/// <param name="Line">Line in the file.</param>
/// <param name="Number">The person's number in any spelling.</param>
/// <param name="Kind"><c>consent</c>, <c>refusal</c>, <c>contract</c> or <c>appointment</c>.</param>
/// <param name="At">When it was told; of an appointment, the date and time agreed; of a contract, its end.</param>
/// <param name="Until">End of a consent; null where it has none but the law's.</param>
internal sealed record ConsentLine(long Line, string Number, string Kind, DateTimeOffset At, DateTimeOffset? Until);

/// <summary>Lines of one client.</summary>
/// <param name="Client">Id of the client.</param>
/// <param name="Lines">At most <see cref="ConsentImport.MaxLines"/>.</param>
internal sealed record ConsentLines(string? Client, IReadOnlyList<ConsentLine>? Lines);

/// <summary>What became of lines.</summary>
/// <param name="Taken">Lines taken; those known before among them.</param>
/// <param name="Full">Lines refused because the set is full.</param>
/// <param name="Faults">Lines that could not be used.</param>
internal sealed record ImportOutcome(long Taken, long Full, IReadOnlyList<ImportFault> Faults);

/// <summary>Makes entries of lines: the last place where the number of a person who consented or refused is seen.</summary>
/// <param name="options">How numbers are dialled here.</param>
/// <param name="pseudonymiser">Names persons.</param>
internal sealed class ConsentImport(AgentOptions options, PersonPseudonymiser pseudonymiser)
{
    /// <summary>Lines in one request at most.</summary>
    public const int MaxLines = 2_000;

    private const int NumberCacheEntries = 2_048; // a power of two

    private readonly NumberNormaliser _numbers = new(new NumberSettings
    {
        DefaultRegion = options.Numbers.DefaultRegion,
        OtherPlans = new PhoneLibNumberPlan(options.Numbers.DefaultRegion, NumberCacheEntries),
    });

    /// <summary>Reads lines; faulty ones are noted.</summary>
    public List<(ulong Person, ConsentEntry Entry)> Read(IReadOnlyList<ConsentLine> lines, List<ImportFault> faults)
    {
        List<(ulong, ConsentEntry)> entries = [];
        foreach (ConsentLine line in lines)
        {
            if (!_numbers.TryCaller(Encoding.UTF8.GetBytes(line.Number), out E164Number person))
            {
                faults.Add(new ImportFault(line.Line, "number is no telephone number"));
            }
            else if (EntryOf(line) is { } entry)
            {
                entries.Add((pseudonymiser.KeyOf(person), entry));
            }
            else
            {
                faults.Add(new ImportFault(line.Line, "kind is none of consent, refusal, contract, appointment, or until is before at"));
            }
        }

        return entries;
    }

    /// <summary>Puts entries into the set. Signalling thread.</summary>
    /// <returns>Entries refused because the set is full.</returns>
    public static long Take(GuardBook book, string client, IReadOnlyList<(ulong Person, ConsentEntry Entry)> entries)
    {
        uint key = PolicyClient.KeyOf(client);
        return entries.Count(each => !book.State.Consents.TryAdd(key, each.Person, each.Entry));
    }

    private static ConsentEntry? EntryOf(ConsentLine line)
    {
        uint at = GuardMinutes.Of(line.At);
        uint until = line.Until is { } end ? GuardMinutes.Of(end) : 0;
        return line.Kind switch
        {
            "consent" when until == 0 || until > at => new ConsentEntry(at, until, 0, 0, 0),
            "refusal" => new ConsentEntry(0, 0, at, 0, 0),
            "contract" => new ConsentEntry(0, 0, 0, until == 0 ? at : until, 0),
            "appointment" => new ConsentEntry(0, 0, 0, 0, at),
            _ => null,
        };
    }
}
