using EdgeAgent.Core.Calls;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Calls;

public sealed class CallMachineTests
{
    /// <summary>State after each signal, then the report; <c>-</c> where nothing changes. Columns in the order of the signals.</summary>
    private const string Table = """
                   | Invite           | InviteAgain | Provisional  | Success              | Challenge  | Refusal          | Bye    | ByeConfirmed     | ByeRevoked | Expired            | Abandoned
        Idle       | Inviting Started | -           | -            | -                    | -          | -                | -      | -                | -          | -                  | -
        Inviting   | -                | -           | Ringing Rang | Answered WasAnswered | Challenged | Ended WasRefused | -      | -                | -          | Ended WasRefused   | Ended LeftOpen
        Ringing    | -                | -           | -            | Answered WasAnswered | Challenged | Ended WasRefused | -      | -                | -          | Ended WasRefused   | Ended LeftOpen
        Challenged | -                | Inviting    | -            | Answered WasAnswered | -          | Ended WasRefused | -      | -                | -          | Ended WasRefused   | Ended WasRefused
        Answered   | -                | -           | -            | -                    | -          | -                | Ending | -                | -          | Ended EndedUnknown | Ended EndedUnknown
        Ending     | -                | -           | -            | -                    | -          | -                | -      | Ended EndedByBye | Answered   | Ended EndedByBye   | Ended EndedByBye
        Ended      | -                | -           | -            | -                    | -          | -                | -      | -                | -          | Ended Forget       | Ended Forget
        """;

    public static TheoryData<CallState, CallSignal, CallState, CallReport> Pairs { get; } = Read();

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Next_EveryStateAndSignal_StepsAsTheTableSays(
        CallState state, CallSignal signal, CallState expected, CallReport report) =>
        CallMachine.Next(state, signal).ShouldBe(new CallStep(expected, report));

    [Fact]
    public void Table_NamesEveryStateAndSignal() =>
        Pairs.Count.ShouldBe(Enum.GetValues<CallState>().Length * Enum.GetValues<CallSignal>().Length);

    [Fact]
    public void Next_AnySignalTwice_ReportsWhatFiguresNeedOnce()
    {
        foreach (CallState state in Enum.GetValues<CallState>())
        {
            foreach (CallSignal signal in Enum.GetValues<CallSignal>())
            {
                CallReport second = CallMachine.Next(CallMachine.Next(state, signal).State, signal).Report;

                second.ShouldBeOneOf(CallReport.None, CallReport.Forget);
            }
        }
    }

    [Theory]
    [InlineData(CallState.Inviting)]
    [InlineData(CallState.Ringing)]
    [InlineData(CallState.Challenged)]
    [InlineData(CallState.Answered)]
    [InlineData(CallState.Ending)]
    public void Next_ExpiredOrAbandoned_EndsEveryCall(CallState state)
    {
        CallMachine.Next(state, CallSignal.Expired).State.ShouldBe(CallState.Ended);
        CallMachine.Next(state, CallSignal.Abandoned).State.ShouldBe(CallState.Ended);
    }

    private static TheoryData<CallState, CallSignal, CallState, CallReport> Read()
    {
        TheoryData<CallState, CallSignal, CallState, CallReport> pairs = [];
        string[][] lines = [.. Table.Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries))];
        foreach (string[] line in lines[1..])
        {
            CallState state = Enum.Parse<CallState>(line[0]);
            for (int column = 1; column < line.Length; column++)
            {
                string[] step = line[column] == "-" ? [line[0]] : line[column].Split(' ');
                CallReport report = step.Length == 1 ? CallReport.None : Enum.Parse<CallReport>(step[1]);
                pairs.Add(state, Enum.Parse<CallSignal>(lines[0][column]), Enum.Parse<CallState>(step[0]), report);
            }
        }

        return pairs;
    }
}
