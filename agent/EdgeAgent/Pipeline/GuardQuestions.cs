using System.Threading.Channels;
using EdgeAgent.Core.Guard;
using EdgeAgent.Core.Numbers;
using EdgeAgent.Guards;

namespace EdgeAgent.Pipeline;

/// <summary>
/// Questions to the rule book from other threads: the book belongs to the signalling thread, which answers between packets. Any thread but
/// for <see cref="Answer"/>.
/// </summary>
/// <param name="pseudonymiser">Names persons.</param>
internal sealed class GuardQuestions(PersonPseudonymiser pseudonymiser)
{
    /// <summary>Questions that wait at once; whoever asks beyond waits for a place.</summary>
    private const int MaxWaiting = 64;

    private readonly Channel<Question> _waiting = Channel.CreateBounded<Question>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    /// <summary>Asks; the answer comes within a moment while the signalling thread lives.</summary>
    /// <param name="facts">The call, but for the person's pseudonym.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<CallAnswer> AskAsync(GuardFacts facts, CancellationToken cancellationToken)
    {
        ulong person = facts.Person.IsNumber ? pseudonymiser.KeyOf(facts.Person) : 0;
        Question question = new(facts with { PersonKey = person }, new TaskCompletionSource<CallAnswer>(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(question, cancellationToken).ConfigureAwait(false);
        return await question.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Completes when a question waits.</summary>
    public Task<bool> WaitAsync() => _waiting.Reader.WaitToReadAsync(CancellationToken.None).AsTask();

    /// <summary>Answers what waits. Signalling thread.</summary>
    public void Answer(GuardBook book)
    {
        while (_waiting.Reader.TryRead(out Question? question))
        {
            question.Answer.TrySetResult(CallAnswer.Of(book, question.Facts, usesState: true));
        }
    }

    private sealed record Question(GuardFacts Facts, TaskCompletionSource<CallAnswer> Answer);
}
