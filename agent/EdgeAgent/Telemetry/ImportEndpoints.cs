using EdgeAgent.Configuration;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Guard.Policy;
using EdgeAgent.Core.Guard.State;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Imports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAgent.Telemetry;

/// <summary>Imports over the control socket: consents and refusals, and reports of spam. Persons' numbers become pseudonyms here and are in no answer and no log.</summary>
internal static class ImportEndpoints
{
    /// <summary><c>GET /v1/consents</c>: what is known, by client; no persons.</summary>
    public static async Task Consents(HttpContext context)
    {
        GuardPolicy policy = OptionsOf(context).Policy.Policy!;
        string defaultClient = OptionsOf(context).Numbers.Client;
        if (await GuardEndpoints.DeskOrRefuseAsync(context).ConfigureAwait(false) is not { } desk)
        {
            return;
        }

        IReadOnlyList<ConsentStats> stats = await desk.AskAsync(
            (book, now) => book.State.Consents.Stats(GuardMinutes.Of(now)), context.RequestAborted).ConfigureAwait(false);
        ConsentsDocument answer = new([.. stats.Select(each => new ClientConsentsDocument(
            NameOf(each.Client, policy, defaultClient), each.Persons, each.Consents, each.Refusals, each.Contracts, each.Appointments))]);
        await ControlEndpoints.WriteAsync(context, StatusCodes.Status200OK, answer, TelemetryJson.Plain.ConsentsDocument).ConfigureAwait(false);
    }

    /// <summary><c>POST /v1/consents</c> with <see cref="ConsentLines"/>: answers when they are on disk.</summary>
    public static async Task TakeConsents(HttpContext context)
    {
        AgentOptions options = OptionsOf(context);
        ConsentLines? told = await RequestBody.ReadAsync(context, TelemetryJson.Plain.ConsentLines, RequestBody.MaxListBytes).ConfigureAwait(false);
        string client = told?.Client ?? options.Numbers.Client;
        string? fault = told?.Lines is null || told.Lines.Count > ConsentImport.MaxLines || told.Lines.Any(line => line?.Number is null || line.Kind is null) ? $"this is no list of 0 to {ConsentImport.MaxLines} consents"
            : told.Client is not null && options.Policy.Policy!.Clients.All(known => known.Id != client) ? "the policy knows no client of that name"
            : null;
        if (fault is not null)
        {
            await ControlEndpoints.RefuseAsync(context, StatusCodes.Status400BadRequest, fault).ConfigureAwait(false);
            return;
        }

        if (await GuardEndpoints.DeskOrRefuseAsync(context).ConfigureAwait(false) is { } desk)
        {
            List<ImportFault> faults = [];
            List<(ulong Person, ConsentEntry Entry)> entries =
                new ConsentImport(options, context.RequestServices.GetRequiredService<PersonPseudonymiser>()).Read(told!.Lines!, faults);
            long full = await desk.OrderAsync((book, _) => ConsentImport.Take(book, client, entries), context.RequestAborted).ConfigureAwait(false);
            await ControlEndpoints.WriteAsync(
                context, StatusCodes.Status200OK, new ImportOutcome(entries.Count - full, full, faults), TelemetryJson.Plain.ImportOutcome).ConfigureAwait(false);
        }
    }

    /// <summary><c>POST /v1/consents/purge</c>: forgets what can change no verdict any more; refusals stay.</summary>
    public static async Task PurgeConsents(HttpContext context)
    {
        if (await GuardEndpoints.DeskOrRefuseAsync(context).ConfigureAwait(false) is { } desk)
        {
            int purged = await desk.OrderAsync(
                (book, now) => book.State.Consents.Purge(GuardMinutes.Of(now)), context.RequestAborted).ConfigureAwait(false);
            await ControlEndpoints.WriteAsync(
                context, StatusCodes.Status200OK, new PurgedDocument(purged), TelemetryJson.Plain.PurgedDocument).ConfigureAwait(false);
        }
    }

    /// <summary><c>POST /v1/reports</c> with <see cref="ReportLines"/>: answers when they are on disk.</summary>
    public static async Task TakeReports(HttpContext context)
    {
        AgentOptions options = OptionsOf(context);
        ReportLines? told = await RequestBody.ReadAsync(context, TelemetryJson.Plain.ReportLines, RequestBody.MaxListBytes).ConfigureAwait(false);
        if (told?.Lines is not { Count: <= ReportImport.MaxLines } lines || lines.Any(line => line?.Number is null || line.Source is null))
        {
            await ControlEndpoints
                .RefuseAsync(context, StatusCodes.Status400BadRequest, $"this is no list of 0 to {ReportImport.MaxLines} reports").ConfigureAwait(false);
            return;
        }

        if (await GuardEndpoints.DeskOrRefuseAsync(context).ConfigureAwait(false) is { } desk)
        {
            ReportOutcome outcome = await desk.OrderAsync(
                (book, now) => ReportImport.Take(book, now, lines, options), context.RequestAborted).ConfigureAwait(false);
            await ControlEndpoints.WriteAsync(context, StatusCodes.Status200OK, outcome, TelemetryJson.Plain.ReportOutcome).ConfigureAwait(false);
        }
    }

    private static string NameOf(uint client, GuardPolicy policy, string defaultClient) =>
        policy.Clients.FirstOrDefault(known => known.Key == client)?.Id
            ?? (PolicyClient.KeyOf(defaultClient) == client ? defaultClient : "no longer in the policy");

    private static AgentOptions OptionsOf(HttpContext context) => context.RequestServices.GetRequiredService<ConfigurationState>().Current.Options;
}

/// <summary>Consents by client.</summary>
internal sealed record ConsentsDocument(IReadOnlyList<ClientConsentsDocument> Clients);

/// <summary>What persons told one client.</summary>
/// <param name="Client">Id of the client.</param>
/// <param name="Persons">Persons with any entry.</param>
/// <param name="Consents">Those whose consent holds.</param>
/// <param name="Refusals">Those who refused or withdrew last.</param>
/// <param name="Contracts">Those whose contract runs.</param>
/// <param name="Appointments">Those with an appointment to come.</param>
internal sealed record ClientConsentsDocument(string Client, int Persons, int Consents, int Refusals, int Contracts, int Appointments);

/// <summary>Persons forgotten.</summary>
internal sealed record PurgedDocument(int Purged);
