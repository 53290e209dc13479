using System.CommandLine;
using EdgeAgent.Collect;
using EdgeAgent.Core.Evidence;
using EdgeAgent.Store;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent keys new</c>: a key pair for the centre.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "New file for the private key; it must not exist" };
        ExampleCommand make = new("new", "Make a key pair: the private half in a file, the public half printed for commands.publicKeys.", "edge-agent keys new centre.key")
        {
            file,
        };
        make.SetAction(parse =>
        {
            string path = parse.GetRequiredValue(file);
            if (File.Exists(path))
            {
                throw new CommandException(ExitCode.Unavailable, $"{path} exists: a key is not written over");
            }

            Print(OrderKey.Create(path), path, parse.InvocationConfiguration.Output);
            return ExitCode.Ok;
        });
        Argument<string> existing = new("FILE") { Description = "File of a private key" };
        ExampleCommand show = new("show", "Print the public half of a key.", "edge-agent keys show centre.key") { existing };
        show.SetAction(parse =>
        {
            using System.Security.Cryptography.ECDsa key = OrderKey.Load(parse.GetRequiredValue(existing));
            Print(OrderKey.PublicOf(key), null, parse.InvocationConfiguration.Output);
            return ExitCode.Ok;
        });
        return new ExampleCommand("keys", "Make and show keys with which the centre signs its orders; change the key of pseudonyms.", "edge-agent keys new centre.key")
        {
            make, show, Pseudonyms(),
        };
    }

    private static ExampleCommand Pseudonyms()
    {
        Option<string> store = JournalLines.Store();
        ExampleCommand command = new(
            "change-pseudonyms",
            "Make a new key for persons' pseudonyms, while the agent is stopped. The present key is kept as the former one, so that guards still find what they "
            + "remember; a year at least must lie between two changes. Figures of before and after cannot be joined by person.",
            "runuser -u edge-agent -- edge-agent keys change-pseudonyms")
        {
            store,
        };
        command.SetAction(parse =>
        {
            string directory = parse.GetRequiredValue(store);
            if (!Directory.Exists(directory))
            {
                throw new CommandException(ExitCode.Unavailable, $"{directory} does not exist: no agent has kept anything there (--store)");
            }

            try
            {
                using StoreLock use = StoreLock.Take(directory);
                PseudonymKeyFile.Change(directory, TimeProvider.System.GetUtcNow());
            }
            catch (Exception fault) when (fault is StoreUnavailableException or InvalidOperationException or InvalidDataException or IOException or UnauthorizedAccessException)
            {
                throw new CommandException(ExitCode.Unavailable, fault.Message, fault);
            }

            parse.InvocationConfiguration.Output.WriteLine("persons have new pseudonyms from the next start on");
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(EvidenceKey key, string? madeIn, TextWriter output)
    {
        using (key)
        {
            if (madeIn is not null)
            {
                output.WriteLine($"# The private half is in {madeIn}; it stays at the centre. On each agent, in its configuration:");
            }

            output.WriteLine($"# fingerprint {key.Fingerprint}");
            output.WriteLine("commands:");
            output.WriteLine("  publicKeys:");
            output.WriteLine($"    - {key.Text}");
        }
    }
}
