using EdgeAgent.Forward;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Forward;

public sealed class MqttOptionsTests
{
    [Theory]
    [InlineData("mqtt://broker.example")]
    [InlineData("mqtts://10.1.2.3:8884")]
    [InlineData("")]
    public void Validate_GoodUrl_Succeeds(string url) =>
        new MqttConsistencyValidator().Validate(null, new MqttOptions { Url = url }).Succeeded.ShouldBeTrue();

    [Theory]
    [InlineData("broker.example")]
    [InlineData("http://broker.example")]
    [InlineData("mqtt://")]
    public void Validate_BadUrl_NamesTheKey(string url) =>
        new MqttConsistencyValidator().Validate(null, new MqttOptions { Url = url }).FailureMessage.ShouldNotBeNull().ShouldContain("mqtt.url");

    [Fact]
    public void Validate_PasswordInUrl_IsRefusedWithoutRepeatingIt()
    {
        ValidateOptionsResult result =
            new MqttConsistencyValidator().Validate(null, new MqttOptions { Url = "mqtt://user:hunter2@broker.example" });

        result.FailureMessage.ShouldNotBeNull().ShouldContain("passwordFile");
        result.FailureMessage.ShouldNotContain("hunter2");
    }

    [Fact]
    public void Validate_CertificateWithoutKey_IsRefused() =>
        new MqttConsistencyValidator()
            .Validate(null, new MqttOptions { Tls = new MqttTlsOptions { ClientCertificateFile = "a.crt" } })
            .FailureMessage.ShouldNotBeNull().ShouldContain("mqtt.tls");

    [Fact]
    public void Validate_RangesPassed_NamesEachKey()
    {
        MqttOptions options = new() { TopicPrefix = "a/#", KeepAlive = TimeSpan.Zero, AckTimeout = TimeSpan.FromHours(1), InFlight = 0 };

        string message = new MqttOptionsValidator().Validate(null, options).FailureMessage.ShouldNotBeNull().ShouldNotBeNull();

        foreach (string name in (string[])["TopicPrefix", "KeepAlive", "AckTimeout", "InFlight"])
        {
            message.ShouldContain(name);
        }
    }
}
