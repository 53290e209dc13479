using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using EdgeAgent.Configuration;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Packaging;

public sealed partial class ShippedConfigurationTests
{
    private static readonly string Text = File.ReadAllText(RepositoryFiles.PathOf("packaging/agent.yaml"));

    [Fact]
    public void Load_AsShipped_IsValidWithoutWarnings()
    {
        LoadResult result = ConfigurationLoader.Read(Text, new Dictionary<string, string>(), ConfigurationUse.Run);

        result.Faults.ShouldBeEmpty();
        result.Options.ShouldNotBeNull().Sources.Live.Single().Interface.ShouldBe("any");
    }

    [Fact]
    public void Keys_OfTheProgram_AreAllDocumented()
    {
        string[] undocumented = [.. AgentKeys.Root.Leaves("").Where(path =>
            !Regex.IsMatch(Text, $@"(^|[\s#-]){Regex.Escape(LastName(path))}:", RegexOptions.Multiline))];

        undocumented.ShouldBeEmpty();
    }

    [Fact]
    public void Keys_OfTheProgram_AreExactlyTheOptions() =>
        AgentKeys.Root.Leaves("").Order(StringComparer.Ordinal).ShouldBe(Properties(typeof(AgentOptions), "").Order(StringComparer.Ordinal));

    [Fact]
    public void Defaults_AsDocumented_AreThoseOfTheProgram()
    {
        // Every "# key: value" inside a top-level group is taken at its word and must change nothing.
        string spelledOut = Documented().Replace(Text, "$1$2");
        AgentOptions documented = Loaded(spelledOut);
        AgentOptions actual = Loaded(Text);

        Values(documented, "").Except(Ignored).ShouldBe(Values(actual, "").Except(Ignored));
        spelledOut.Count(c => c == '#').ShouldBeLessThan(Text.Count(c => c == '#') - 30); // the pattern still finds them
    }

    // What has no default, shown with an example value.
    private static readonly string[] Ignored = ["Mqtt.Url=", "Mqtt.Username=", "Mqtt.PasswordFile="];

    // Two spaces, "# key: value", in a group; the examples of trunks and tls stand apart.
    [GeneratedRegex(@"^( +)# ((?!url|username|passwordFile|signingKeyFile|formerSigningKeyFile|policyFile|tls|name|hosts|port|identity)[a-zA-Z]+:(?: .*)?)$", RegexOptions.Multiline)]
    private static partial Regex Documented();

    private static AgentOptions Loaded(string yaml)
    {
        LoadResult result = ConfigurationLoader.Read(yaml, new Dictionary<string, string>(), ConfigurationUse.Run);
        result.Faults.ShouldBeEmpty();
        return result.Options.ShouldNotBeNull();
    }

    private static string LastName(string path) => path[(path.LastIndexOf('.') + 1)..].Replace("[]", "", StringComparison.Ordinal);

    private static IEnumerable<string> Properties(Type type, string prefix)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string path = prefix + char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            Type value = property.PropertyType;
            if (value.IsGenericType && value.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            {
                path += "[]";
                value = value.GetGenericArguments()[0];
            }

            bool isGroup = value.Namespace == typeof(AgentOptions).Namespace && value.IsClass;
            foreach (string leaf in isGroup ? Properties(value, path + ".") : [path])
            {
                yield return leaf;
            }
        }
    }

    private static IEnumerable<string> Values(object options, string prefix)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = property.GetValue(options);
            IEnumerable<string> shown = value switch
            {
                string text => [$"{prefix}{property.Name}={text}"],
                IEnumerable list => list.Cast<object>().SelectMany((item, i) => item.GetType().Namespace == typeof(AgentOptions).Namespace && item.GetType().IsClass
                    ? Values(item, $"{prefix}{property.Name}[{i}].")
                    : [$"{prefix}{property.Name}[{i}]={item}"]),
                not null when value.GetType().Namespace == typeof(AgentOptions).Namespace && value.GetType().IsClass => Values(value, $"{prefix}{property.Name}."),
                _ => [string.Create(CultureInfo.InvariantCulture, $"{prefix}{property.Name}={value}")],
            };
            foreach (string line in shown)
            {
                yield return line;
            }
        }
    }
}
