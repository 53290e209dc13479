using System.CommandLine;
using System.Text.Json;
using EdgeAgent.Configuration;
using EdgeAgent.Guards;

namespace EdgeAgent.Cli;

/// <summary><c>edge-agent policy</c>: checks, prints and compares policy files.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new ExampleCommand(
        "policy",
        "Check, show and compare the policy calls are judged by.",
        "edge-agent policy validate",
        "edge-agent policy diff /etc/edge-agent/policy.yaml new-policy.yaml")
    {
        Validate(), Show(), Diff(),
    };

    private static ExampleCommand Validate()
    {
        Argument<string?> file = File();
        Option<string> config = CommonOptions.Config();
        ExampleCommand command = new(
            "validate",
            "Check a policy file and exit: 0, or 78 with every fault.",
            "edge-agent policy validate policy.yaml")
        {
            file, config,
        };
        command.SetAction(parse =>
        {
            PolicyFile policy = PolicyFile.Read(parse.GetValue(file), parse.GetRequiredValue(config));
            TextWriter error = parse.InvocationConfiguration.Error;
            if (!policy.IsGood(error))
            {
                return ExitCode.Config;
            }

            IReadOnlyList<ConfigurationFault> warnings = policy.Result.Warnings;
            ConfigurationReport.Write(warnings, policy.Name, error);
            TextWriter output = parse.InvocationConfiguration.Output;
            output.WriteLine($"{policy.Name}: good, {ConfigurationReport.Count(warnings, FaultSeverity.Warning)}");
            output.WriteLine($"policy {policy.Hash}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static ExampleCommand Show()
    {
        Argument<string?> file = File();
        Option<string> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new(
            "show",
            "Print the policy that holds, what the file leaves out included, as a policy file.",
            "edge-agent policy show > everything.yaml",
            "edge-agent policy show policy.yaml --json")
        {
            file, config, json,
        };
        command.SetAction(parse =>
        {
            PolicyFile policy = PolicyFile.Read(parse.GetValue(file), parse.GetRequiredValue(config));
            if (!policy.IsGood(parse.InvocationConfiguration.Error))
            {
                return ExitCode.Config;
            }

            PolicyGroup tree = PolicyTree.Of(policy.Result);
            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                JsonOutput.Write(output, writer =>
                {
                    WriteOrigin(writer, policy);
                    writer.WritePropertyName("policy");
                    PolicyText.WriteJson(tree, writer);
                    writer.WriteStartArray("defaults");
                    foreach (string path in PolicyText.DefaultsOf(tree))
                    {
                        writer.WriteStringValue(path);
                    }

                    writer.WriteEndArray();
                });
            }
            else
            {
                output.WriteLine($"# All that holds by {policy.Name}, policy {policy.Hash}.");
                PolicyText.WriteYaml(tree, output);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static ExampleCommand Diff()
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "The old policy and the new one; a single one is compared with the configured policy",
            Arity = new ArgumentArity(1, 2),
        };
        Option<string> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new(
            "diff",
            "Say in what two policies differ (exit 0 when in nothing, 1 otherwise). Writing out a default is no difference.",
            "edge-agent policy diff new-policy.yaml",
            "edge-agent policy diff policy-2026.yaml policy-2027.yaml --json")
        {
            files, config, json,
        };
        command.SetAction(parse =>
        {
            string[] given = parse.GetRequiredValue(files);
            PolicyFile before = PolicyFile.Read(given.Length == 2 ? given[0] : null, parse.GetRequiredValue(config));
            PolicyFile after = PolicyFile.Read(given[^1]);
            TextWriter error = parse.InvocationConfiguration.Error;
            if (!(before.IsGood(error) & after.IsGood(error)))
            {
                return ExitCode.Config;
            }

            IReadOnlyList<PolicyChange> differences = PolicyChange.Between(PolicyTree.Of(before.Result), PolicyTree.Of(after.Result));
            TextWriter output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                WriteJson(output, before, after, differences);
            }
            else
            {
                foreach (PolicyChange difference in differences)
                {
                    output.WriteLine(Terminal.Safe(difference.ToString()));
                }
            }

            return differences.Count == 0 ? ExitCode.Ok : ExitCode.Differs;
        });
        return command;
    }

    private static Argument<string?> File() => new("FILE")
    {
        Description = "Policy file (default: guards.policyFile of the configuration, or policy.yaml beside it)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static void WriteOrigin(Utf8JsonWriter writer, PolicyFile policy)
    {
        writer.WriteString("file", policy.Name);
        writer.WriteString("hash", policy.Hash);
    }

    private static void WriteJson(TextWriter output, PolicyFile before, PolicyFile after, IReadOnlyList<PolicyChange> differences) =>
        JsonOutput.Write(output, writer =>
        {
            foreach ((string name, PolicyFile file) in new[] { ("old", before), ("new", after) })
            {
                writer.WriteStartObject(name);
                WriteOrigin(writer, file);
                writer.WriteEndObject();
            }

            writer.WriteStartArray("differences");
            foreach (PolicyChange difference in differences)
            {
                writer.WriteStartObject();
                writer.WriteString("path", difference.Path);
                writer.WriteString("old", difference.Old);
                writer.WriteString("new", difference.New);
                writer.WriteBoolean("oldIsDefault", difference.OldIsDefault);
                writer.WriteBoolean("newIsDefault", difference.NewIsDefault);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
}
