using System.Buffers.Text;
using System.Text;

namespace EdgeAgent.Core.Tests.Sip;

/// <summary>Writes values of Identity headers as a carrier does, signature apart.</summary>
internal static class IdentityBytes
{
    /// <summary>A PASSporT in full form.</summary>
    public static string Of(string payload, string kind, bool hasParameter = true) =>
        $"{Encode($"{{\"alg\":\"ES256\",\"ppt\":\"{kind}\",\"typ\":\"passport\",\"x5u\":\"https://certs.acme.example/a.pem\"}}")}.{Encode(payload)}"
        + $".c2lnbmF0dXJlLW9mLWFjbWU;info=<https://certs.acme.example/a.pem>;alg=ES256{(hasParameter ? $";ppt={kind}" : "")}";

    /// <summary>The payload of a value.</summary>
    public static string PayloadOf(string value) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(value.Split('.')[1]));

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
