using System.Text;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Reconcile;
using NodaTime;
using Shouldly;
using Xunit;

namespace EdgeAgent.Tests.Reconcile;

public sealed class CdrReaderTests
{
    private static readonly CdrLayout ByName = new()
    {
        Start = [CdrColumn.Parse("Date"), CdrColumn.Parse("Heure")],
        Number = CdrColumn.Parse("Appelant"),
        Duration = CdrColumn.Parse("Durée"),
        Zone = DateTimeZoneProviders.Tzdb["Europe/Paris"],
    };

    private static readonly CdrLayout Asterisk = CdrLayout.Asterisk with { ChannelPatterns = ["PJSIP/trunk*"], Zone = DateTimeZone.Utc };

    [Fact]
    public void Read_CarriersFile_TakesStartNumberAnswerAndDuration()
    {
        CdrFile file = Read(ByName, "Appelant;Appelé;Date;Heure;Durée\n0162000001;0612345678;24/11/2026;10:00:05;00:01:30\n\"+33 1 62 00 00 02\";x;24/11/2026;10:01:00;0\n");

        file.Rows.ShouldBe(2);
        file.Calls["+33162000001"].ShouldBe([new CdrCall(new DateTimeOffset(2026, 11, 24, 9, 0, 5, TimeSpan.Zero), true, 90)]);
        file.Calls["+33162000002"].ShouldBe([new CdrCall(new DateTimeOffset(2026, 11, 24, 9, 1, 0, TimeSpan.Zero), false, 0)]);
    }

    [Theory]
    [InlineData("2026-11-24 10:00:05", "2026-11-24T09:00:05Z")]
    [InlineData("2026-11-24T10:00:05.25", "2026-11-24T09:00:05.25Z")]
    [InlineData("2026-11-24T10:00:05+04:00", "2026-11-24T06:00:05Z")]
    [InlineData("2026-11-24T10:00:05Z", "2026-11-24T10:00:05Z")]
    [InlineData("24/11/2026 10:00:05", "2026-11-24T09:00:05Z")]
    [InlineData("24.11.2026 10:00:05", "2026-11-24T09:00:05Z")]
    [InlineData("20261124100005", "2026-11-24T09:00:05Z")]
    [InlineData("1795510805", "2026-11-24T09:00:05Z")]
    [InlineData("1795510805250", "2026-11-24T09:00:05.25Z")]
    [InlineData("1795510805.25", "2026-11-24T09:00:05.25Z")]
    [InlineData("2026-07-01 10:00:05", "2026-07-01T08:00:05Z")]
    [InlineData("2026-03-29 02:30:00", "2026-03-29T01:30:00Z")] // in the hour that does not exist
    public void TryTime_UsualForms_AreRead(string text, string expected)
    {
        new CdrText(DateTimeZoneProviders.Tzdb["Europe/Paris"], null).TryTime(text, out DateTimeOffset time).ShouldBeTrue();

        time.ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-13-01 10:00:00")]
    [InlineData("0612345678")] // ten digits, but no time: 1989
    [InlineData("99999999999999999999")]
    public void TryTime_AnythingElse_IsRefused(string text) => new CdrText(DateTimeZone.Utc, null).TryTime(text, out _).ShouldBeFalse();

    [Fact]
    public void TryTime_GivenFormat_IsTheOnlyOne()
    {
        CdrText text = new(DateTimeZone.Utc, "MM/dd/yyyy HH:mm:ss");

        text.TryTime("11/24/2026 10:00:05", out DateTimeOffset time).ShouldBeTrue();
        time.ShouldBe(new DateTimeOffset(2026, 11, 24, 10, 0, 5, TimeSpan.Zero));
        text.TryTime("2026-11-24 10:00:05", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("ANSWERED", true)]
    [InlineData("answered", true)]
    [InlineData("NO ANSWER", false)]
    [InlineData("BUSY", false)]
    [InlineData("2026-11-24 10:00:05", true)]
    [InlineData("0000-00-00 00:00:00", false)]
    [InlineData("", false)]
    [InlineData("yes", true)]
    [InlineData("0", false)]
    public void IsAnswered_Dispositions_AreRead(string text, bool expected) => new CdrText(DateTimeZone.Utc, null).IsAnswered(text).ShouldBe(expected);

    [Theory]
    [InlineData("12", 12)]
    [InlineData("12.5", 12.5)]
    [InlineData("01:30", 90)]
    [InlineData("1:00:01", 3_601)]
    [InlineData("", 0)]
    public void TryDuration_UsualForms_AreRead(string text, double expected)
    {
        CdrText.TryDuration(text, out double seconds).ShouldBeTrue();
        seconds.ShouldBe(expected);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("a minute")]
    [InlineData("1e300")]
    public void TryDuration_AnythingElse_IsRefused(string text) => CdrText.TryDuration(text, out _).ShouldBeFalse();

    [Fact]
    public void Read_RowsThatCannotBeRead_AreCountedAndNamedByLine()
    {
        CdrFile file = Read(ByName, "Appelant;Date;Heure;Durée\n0162000001;24/11/2026;10:00:05;5\n0162000001;24/11/2026\n0162000001;soon;10:00:05;5\n0162000001;24/11/2026;10:00:05;long\n");

        file.Count.ShouldBe(1);
        file.Faults.ShouldBe([new CdrFault(3, "tooFewColumns"), new CdrFault(4, "startIsNoTime"), new CdrFault(5, "durationIsNoNumber")]);
        file.Unreadable.ShouldBe(3);
    }

    [Fact]
    public void Read_AsteriskWithoutHeader_TakesTrunkCallsOnly()
    {
        CdrFile file = Read(Asterisk,
            """"
            "","0162000001","0612345678","from-agents","""Société"" <0162000001>","PJSIP/1002-00000006","PJSIP/trunk-udp-00000007","Dial","x","2026-11-23 17:11:38","2026-11-23 17:11:41","2026-11-23 17:11:58",20,17,"ANSWERED","DOCUMENTATION","1",""
            "","1001","1002","from-agents","""A"" <1001>","PJSIP/1001-00000006","PJSIP/1002-00000007","Dial","x","2026-11-23 17:11:38",,"2026-11-23 17:11:58",20,0,"NO ANSWER","DOCUMENTATION","2",""
            "","1001","0612345679","from-agents","""A"" <1001>","PJSIP/1001-00000009",,"Hangup","","2026-11-23 17:11:38",,"2026-11-23 17:11:58",20,0,"NO ANSWER","DOCUMENTATION","3",""
            """");

        (file.Rows, file.Count, file.PassedOver, file.Unreadable).ShouldBe((3, 1, 2, 0));
        file.Calls["+33162000001"].ShouldBe([new CdrCall(new DateTimeOffset(2026, 11, 23, 17, 11, 38, TimeSpan.Zero), true, 17)]);
        file.Channels.Select(channel => channel.Key).ShouldBe(["", "PJSIP/1002"]);
    }

    [Fact]
    public void Read_AsteriskWithHeader_GoesByItsNames()
    {
        CdrFile file = Read(Asterisk, "calldate,src,dst,dstchannel,billsec,disposition\n2026-11-23 17:11:38,0162000001,0612345678,PJSIP/trunk-a-01,3,ANSWERED\n");

        file.Calls["+33162000001"].ShouldHaveSingleItem().Seconds.ShouldBe(3);
    }

    [Fact]
    public void Read_ChannelsThatNamePersons_AreNotKept()
    {
        CdrFile file = Read(Asterisk, "calldate,src,dst,dstchannel,billsec,disposition\n2026-11-23 17:11:38,1,2,Local/0639981807@out-01,3,ANSWERED\n");

        (file.PassedOver, file.Channels.Count()).ShouldBe((1, 0));
    }

    [Fact]
    public void Read_ColumnThatIsNotThere_NamesThoseThatAreAndNoNumbers()
    {
        CommandException fault = Should.Throw<CommandException>(() => Read(ByName, "0162000001;0639981807;Date;Heure;Durée\n"));

        fault.ExitCode.ShouldBe(ExitCode.BadInput);
        fault.Message.ShouldContain("no column \"Appelant\"");
        fault.Message.ShouldContain("Date, Heure, Durée");
        fault.Message.ShouldNotContain("0639981807");
    }

    [Theory]
    [InlineData("0162000001", "+33162000001")]
    [InlineData("\"Name\" <0162000001>", "+33162000001")]
    [InlineData("sip:+33162000001@pbx.example", "+33162000001")]
    [InlineData("0033162000001", "+33162000001")]
    [InlineData("anonymous", CallerIds.None)]
    [InlineData("", CallerIds.None)]
    [InlineData("1001", CallerIds.None)]
    public void CallerIds_AnySpelling_IsTheJournalsName(string text, string expected) => Callers().Of(text).ShouldBe(expected);

    private static CdrFile Read(CdrLayout layout, string csv) =>
        new CdrReader(layout, Callers()).Read(new MemoryStream(Encoding.UTF8.GetBytes(csv)), TestContext.Current.CancellationToken);

    private static CallerIds Callers() => new(new NumberNormaliser(new NumberSettings { DefaultRegion = "FR" }));
}
