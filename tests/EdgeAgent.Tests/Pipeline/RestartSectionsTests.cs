using System.Reflection;
using EdgeAgent.Configuration;
using EdgeAgent.Pipeline;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Pipeline;

public sealed class RestartSectionsTests
{
    [Fact]
    public void Changed_SameOptions_NamesNothing() => RestartSections.Changed(new AgentOptions(), new AgentOptions()).ShouldBeEmpty();

    [Fact]
    public void Changed_AnySimpleKeyOfASection_NamesTheSection()
    {
        List<string> forgotten = [];
        foreach ((string section, Func<AgentOptions, object> of) in new (string, Func<AgentOptions, object>)[]
        {
            ("sources", options => options.Sources),
            ("mqtt", options => options.Mqtt),
            ("store", options => options.Store),
        })
        {
            foreach (PropertyInfo key in of(new AgentOptions()).GetType().GetProperties().Where(key => key.CanWrite && key.Name != TakenAnew))
            {
                AgentOptions wanted = new();
                if (TryChange(of(wanted), key) && !RestartSections.Changed(new AgentOptions(), wanted).SequenceEqual([section]))
                {
                    forgotten.Add($"{section}.{key.Name}");
                }
            }
        }

        forgotten.ShouldBeEmpty();
    }

    [Fact]
    public void Changed_SnapshotInterval_NeedsNoRestart()
    {
        AgentOptions wanted = new();
        wanted.Store.SnapshotInterval += TimeSpan.FromSeconds(1);

        RestartSections.Changed(new AgentOptions(), wanted).ShouldBeEmpty();
    }

    private const string TakenAnew = nameof(StoreOptions.SnapshotInterval);

    private static bool TryChange(object options, PropertyInfo key)
    {
        object? changed = key.GetValue(options) switch
        {
            bool value => !value,
            int value => value + 1,
            long value => value + 1,
            TimeSpan value => value + TimeSpan.FromSeconds(1),
            string value => value + "x",
            null when key.PropertyType == typeof(string) => "x",
            _ => null,
        };
        key.SetValue(options, changed ?? key.GetValue(options));
        return changed is not null;
    }
}
