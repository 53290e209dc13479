using EdgeAgent.Store;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Store;

public sealed class StoreOptionsTests
{
    [Fact]
    public void Validate_Defaults_Succeed() =>
        new StoreOptionsValidator().Validate(null, new StoreOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void Validate_EveryBoundPassed_NamesEachKey()
    {
        StoreOptions options = new()
        {
            Directory = "",
            QuotaBytes = 1,
            RetentionDays = 0,
            MaxRecordBytes = 1,
            PendingRows = 0,
            AcknowledgeInterval = TimeSpan.Zero,
            NumberTopics = -1,
        };

        ValidateOptionsResult result = new StoreOptionsValidator().Validate(null, options);

        result.Failed.ShouldBeTrue();
        foreach (System.Reflection.PropertyInfo property in typeof(StoreOptions).GetProperties())
        {
            result.FailureMessage.ShouldContain(property.Name);
        }
    }
}
