using System.Threading.Channels;
using EdgeAgent.Core.Guard;
using EdgeAgent.Store;

namespace EdgeAgent.Pipeline;

/// <summary>
/// Questions and orders to the rule book from other threads: the book belongs to the signalling thread, which serves them between packets.
/// Any thread but for <see cref="Serve"/>.
/// </summary>
/// <param name="journal">Keeps what an order brought about.</param>
internal sealed class GuardDesk(IJournal journal)
{
    /// <summary>Visitors at once; whoever comes beyond waits for a place.</summary>
    private const int MaxWaiting = 64;

    private readonly Channel<Visit> _waiting = Channel.CreateBounded<Visit>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    /// <summary>Asks, and changes nothing; the answer comes within a moment while the signalling thread lives.</summary>
    /// <param name="ask">Runs on the signalling thread with the book and the wall clock; must be quick.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<T> AskAsync<T>(Func<GuardBook, DateTimeOffset, T> ask, CancellationToken cancellationToken) =>
        VisitAsync(ask, isOrder: false, cancellationToken);

    /// <summary>Changes something; on disk when the answer comes.</summary>
    /// <param name="order">As for <see cref="AskAsync{T}"/>.</param>
    /// <param name="cancellationToken">Gives up waiting; the order may be carried out all the same.</param>
    /// <exception cref="StoreUnavailableException">The store refuses.</exception>
    public async Task<T> OrderAsync<T>(Func<GuardBook, DateTimeOffset, T> order, CancellationToken cancellationToken)
    {
        T answer = await VisitAsync(order, isOrder: true, cancellationToken).ConfigureAwait(false);
        await journal.FlushAsync(cancellationToken).ConfigureAwait(false);
        return answer;
    }

    /// <summary>Completes when somebody waits.</summary>
    public Task<bool> WaitAsync() => _waiting.Reader.WaitToReadAsync(CancellationToken.None).AsTask();

    /// <summary>Serves who waits. Signalling thread.</summary>
    public void Serve(SignallingLoop loop)
    {
        List<Action> answers = [];
        bool hasChanged = false;
        while (_waiting.Reader.TryRead(out Visit? visit))
        {
            answers.Add(visit.Run(loop.Engine.Guards.Book, loop.Now));
            hasChanged |= visit.IsOrder;
        }

        if (hasChanged)
        {
            loop.Commit(); // before anybody hears of it: who then waits for the store waits for this
        }

        answers.ForEach(answer => answer());
    }

    private async Task<T> VisitAsync<T>(Func<GuardBook, DateTimeOffset, T> ask, bool isOrder, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Visit visit = new(isOrder, (book, now) =>
        {
            try
            {
                T result = ask(book, now);
                return () => answer.TrySetResult(result);
            }
            catch (Exception fault) // it is the visitor's, and must not end the signalling thread
            {
                return () => answer.TrySetException(fault);
            }
        });
        await _waiting.Writer.WriteAsync(visit, cancellationToken).ConfigureAwait(false);
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <param name="IsOrder">It changes something.</param>
    /// <param name="Run">Gives what tells the visitor the answer.</param>
    private sealed record Visit(bool IsOrder, Func<GuardBook, DateTimeOffset, Action> Run);
}
