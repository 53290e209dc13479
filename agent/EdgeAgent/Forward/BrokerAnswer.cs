using MQTTnet;

namespace EdgeAgent.Forward;

/// <summary>What a broker's answers mean for the connection.</summary>
internal static class BrokerAnswer
{
    /// <summary>True when the broker took the message, whoever subscribes.</summary>
    public static bool IsAccepted(MqttClientPublishResult result) =>
        result.ReasonCode is MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers;

    /// <summary>What a refused message means for the connection.</summary>
    public static SessionEnd Refusal(MqttClientPublishResult result, string topic)
    {
        bool isPassing = result.ReasonCode is MqttClientPublishReasonCode.QuotaExceeded
            or MqttClientPublishReasonCode.UnspecifiedError or MqttClientPublishReasonCode.ImplementationSpecificError;
        return new SessionEnd(
            isPassing ? SessionEndKind.Lost : SessionEndKind.Refused, $"{topic} refused: {result.ReasonCode}");
    }

    /// <summary>Brokers of 3.1.1 answer with their own return code, 1 (MQTT 3.1.1 §3.2.2.3).</summary>
    public static bool IsTooNew(MqttClientConnectResult result) =>
        result.ResultCode is MqttClientConnectResultCode.UnsupportedProtocolVersion or (MqttClientConnectResultCode)1;

    /// <summary>What a refused login means.</summary>
    public static SessionEnd Refusal(MqttClientConnectResult result)
    {
        bool isPassing = result.ResultCode is MqttClientConnectResultCode.ServerUnavailable
            or MqttClientConnectResultCode.ServerBusy or MqttClientConnectResultCode.ConnectionRateExceeded
            or MqttClientConnectResultCode.QuotaExceeded or MqttClientConnectResultCode.UnspecifiedError;
        return new SessionEnd(
            isPassing ? SessionEndKind.Lost : SessionEndKind.Refused, $"login refused: {result.ResultCode}");
    }
}
