using System.Text;
using EdgeAgent.Core.Numbers;
using NodaTime;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Numbers;

public sealed class CalleeZonesTests
{
    [Theory]
    [InlineData("0145678901", "Europe/Paris")]
    [InlineData("0512345678", "Europe/Paris")]
    [InlineData("0612345678", "Europe/Paris")]
    [InlineData("0695123456", "Europe/Paris")]
    [InlineData("0698123456", "Europe/Paris")]
    [InlineData("0756123456", "Europe/Paris")]
    [InlineData("0972123456", "Europe/Paris")]
    [InlineData("0939412345", "Europe/Paris")]
    [InlineData("0977123456", "Europe/Paris")]
    [InlineData("0800123456", "Europe/Paris")]
    [InlineData("0262123456", "Indian/Reunion")]
    [InlineData("0263123456", "Indian/Reunion")]
    [InlineData("0692123456", "Indian/Reunion")]
    [InlineData("0693123456", "Indian/Reunion")]
    [InlineData("0709212345", "Indian/Reunion")]
    [InlineData("0269123456", "Indian/Mayotte")]
    [InlineData("0639123456", "Indian/Mayotte")]
    [InlineData("0709351234", "Indian/Mayotte")]
    [InlineData("0709371234", "Indian/Mayotte")]
    [InlineData("0590123456", "America/Guadeloupe")]
    [InlineData("0690123456", "America/Guadeloupe")]
    [InlineData("0691123456", "America/Guadeloupe")]
    [InlineData("0709012345", "America/Guadeloupe")]
    [InlineData("0594123456", "America/Cayenne")]
    [InlineData("0694123456", "America/Cayenne")]
    [InlineData("0709301234", "America/Cayenne")]
    [InlineData("0709331234", "America/Cayenne")]
    [InlineData("0596123456", "America/Martinique")]
    [InlineData("0696123456", "America/Martinique")]
    [InlineData("0697123456", "America/Martinique")]
    [InlineData("0709112345", "America/Martinique")]
    [InlineData("0508412345", "America/Miquelon")]
    [InlineData("0708412345", "America/Miquelon")]
    [InlineData("0708561234", "America/Miquelon")]
    [InlineData("0947512345", "America/Guadeloupe")]
    [InlineData("0947612345", "America/Cayenne")]
    [InlineData("0947712345", "America/Martinique")]
    [InlineData("0947812345", "Indian/Mayotte")]
    [InlineData("0947912345", "Indian/Reunion")]
    [InlineData("0939512345", "America/Guadeloupe")]
    [InlineData("0939612345", "America/Cayenne")]
    [InlineData("0939712345", "America/Martinique")]
    [InlineData("0939812345", "Indian/Mayotte")]
    [InlineData("0939912345", "Indian/Reunion")]
    [InlineData("0976012345", "America/Guadeloupe")]
    [InlineData("0976112345", "America/Guadeloupe")]
    [InlineData("0976212345", "Indian/Reunion")]
    [InlineData("0976312345", "Indian/Reunion")]
    [InlineData("0976412345", "America/Cayenne")]
    [InlineData("0976512345", "America/Cayenne")]
    [InlineData("0976612345", "America/Martinique")]
    [InlineData("0976712345", "America/Martinique")]
    [InlineData("0976912345", "Indian/Mayotte")]
    [InlineData("+590976812345", "America/Guadeloupe")]
    [InlineData("+262800123456", "Indian/Reunion Indian/Mayotte")]
    [InlineData("0268123456", "Indian/Reunion Indian/Mayotte")]
    [InlineData("0268812345", "Indian/Reunion")]
    [InlineData("0268912345", "Indian/Mayotte")]
    [InlineData("+590800123456", "America/Guadeloupe")]
    [InlineData("+687201234", "Pacific/Noumea")]
    [InlineData("+68987123456", "Pacific/Tahiti")]
    [InlineData("+689441234", "Pacific/Tahiti")]
    [InlineData("+689800123456", "Pacific/Tahiti")]
    [InlineData("+681721234", "Pacific/Wallis")]
    [InlineData("+681800123456", "Pacific/Wallis")]
    public void Of_NumberOfAFrenchPlan_IsItsZones(string dialled, string expected)
    {
        new FrenchNumberPlan().TryNormalise(Encoding.ASCII.GetBytes(dialled), out E164Number number).ShouldBeTrue();
        string.Join(' ', CalleeZones.Of(number).ToArray()).ShouldBe(expected);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14155550123)]
    [InlineData(26932123456)]
    [InlineData(441632960123)]
    public void Of_NumberOutsideTheFrenchPlans_IsEmpty(ulong digits) => CalleeZones.Of(new E164Number(digits)).Length.ShouldBe(0);

    [Fact]
    public void Ids_EveryZone_IsKnownToTheTimeZoneDatabase()
    {
        foreach (string id in CalleeZones.Ids)
        {
            DateTimeZoneProviders.Tzdb.GetZoneOrNull(id).ShouldNotBeNull(id);
        }
    }
}
