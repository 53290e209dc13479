using EdgeAgent.Core.Commands;
using Shouldly;
using Xunit;

namespace EdgeAgent.Core.Tests.Commands;

public sealed class NonceMemoryTests
{
    private static readonly DateTimeOffset Now = SignedCommands.Now;

    [Fact]
    public void Take_FullOfValidOnes_RefusesRatherThanForgets()
    {
        NonceMemory memory = new(2);
        memory.Take("a", Now.AddMinutes(1), Now).ShouldBe(CommandRefusal.None);
        memory.Take("b", Now.AddMinutes(3), Now).ShouldBe(CommandRefusal.None);

        memory.Take("c", Now.AddMinutes(9), Now).ShouldBe(CommandRefusal.TooMany);
        memory.Take("a", Now.AddMinutes(9), Now).ShouldBe(CommandRefusal.Replayed);
    }

    [Fact]
    public void Take_SomeVoidByNow_MakesRoomWhateverTheOrderTheyCameIn()
    {
        NonceMemory memory = new(2);
        memory.Take("late", Now.AddMinutes(3), Now);
        memory.Take("early", Now.AddMinutes(1), Now);

        memory.Take("next", Now.AddMinutes(9), Now.AddMinutes(2)).ShouldBe(CommandRefusal.None);

        memory.Count.ShouldBe(2);
        memory.Take("late", Now.AddMinutes(9), Now.AddMinutes(2)).ShouldBe(CommandRefusal.Replayed);
    }
}
