using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using EdgeAgent.Capture;
using EdgeAgent.Store;

namespace EdgeAgent.Cli;

/// <summary>The one way in: lists the commands, turns what goes wrong into a message and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Shows stack traces. Stands on every command.</summary>
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show stack traces of faults", Recursive = true };

    /// <summary>All commands.</summary>
    public static RootCommand Create()
    {
        Command version = VersionCommand.Create();
        RootCommand root = new("Counts calls per caller ID from the SIP signalling that passes by, and forwards the figures to a broker.")
        {
            RunCommand.Create(),
            ReplayCommand.Create(),
            ExplainCommand.Create(),
            AnonymiseCommand.Create(),
            StatusCommand.Create(),
            NumbersCommand.Create(),
            OutboxCommand.Create(),
            ExportCommand.Create(),
            VerifyCommand.Create(),
            CollectCommand.Create(),
            OrderCommand.Create(),
            KeysCommand.Create(),
            PolicyCommand.Create(),
            CheckCommand.Create(),
            GuardsCommand.Create(),
            StandingCommands.CreateSuspend(),
            StandingCommands.CreateResume(),
            ConsentCommand.Create(),
            ReportsCommand.Create(),
            SimulateCommand.Create(),
            ReconcileCommand.Create(),
            ValidateCommand.Create(),
            version,
        };
        root.Options.Add(Verbose);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelpAction((HelpAction)help.Action!);
        root.Options.OfType<VersionOption>().Single().Action = version.Action; // one answer, however it is asked
        return root;
    }

    /// <summary>Runs the command in <paramref name="args"/>.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        ParseResult parsed = Create().Parse(args);
        if (parsed.Action is ParseErrorAction usage)
        {
            // A slip gives one line on standard error; both of these go to standard output, which may be a pipe.
            usage.ShowHelp = args.Count == 0;
            usage.ShowTypoCorrections = false;
        }

        InvocationConfiguration invocation = new()
        {
            EnableDefaultExceptionHandler = false, // it prints stack traces
            ProcessTerminationTimeout = null, // the host of `run` handles the signals itself
            Output = output,
            Error = error,
        };
        try
        {
            int code = await parsed.InvokeAsync(invocation).ConfigureAwait(false);
            return parsed.Action is ParseErrorAction ? ExitCode.Usage : code; // help without the arguments it explains is no error
        }
        catch (CommandException fault)
        {
            return Report(fault, fault.ExitCode);
        }
        catch (Exception fault) when (IsUnavailable(fault))
        {
            return Report(fault, ExitCode.Unavailable);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return Report(fault, ExitCode.Fault);
        }

        int Report(Exception fault, int code)
        {
            error.WriteLine($"edge-agent: {(parsed.GetValue(Verbose) ? fault.ToString() : fault.Message)}");
            return code;
        }
    }
    /// <summary>Something outside the agent is missing, locked or forbidden: no fault of its own.</summary>
    private static bool IsUnavailable(Exception fault) => fault
        is IOException or UnauthorizedAccessException or CaptureSourceException or StoreUnavailableException;
}
