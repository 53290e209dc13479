using System.Collections.Concurrent;
using EdgeAgent.Store;

namespace EdgeAgent.Collect;

/// <summary>
/// The one thread that works on the books. While the disk refuses, it tries the same work again with growing pauses, so that nothing is
/// acknowledged that is not on disk. Keeps a second collector out.
/// </summary>
internal sealed class BooksDesk : IAsyncDisposable
{
    private const int MaxWaiting = 64;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<Action> _work = new(MaxWaiting);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly FileStream _lock;
    private readonly string _path;
    private readonly int _maxAgents;
    private readonly Action<string> _complain;
    private Books? _books;

    private BooksDesk(string path, int maxAgents, Action<string> complain, FileStream held, Books books)
    {
        _path = path;
        _maxAgents = maxAgents;
        _complain = complain;
        _lock = held;
        _books = books;
        new Thread(Run) { Name = "books", IsBackground = true }.Start();
    }

    /// <summary>Opens the books and starts the thread.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxAgents">Agents in it at most.</param>
    /// <param name="complain">Told when the disk refuses.</param>
    /// <exception cref="StoreUnavailableException">Another collector has them open, or they cannot be read.</exception>
    public static BooksDesk Open(string path, int maxAgents, Action<string> complain)
    {
        FileStream held = TakeLock(path);
        try
        {
            return new BooksDesk(path, maxAgents, complain, held, Books.Open(path, maxAgents));
        }
        catch (Exception fault) // LiteDB throws anything on a damaged file
        {
            held.Dispose();
            throw new StoreUnavailableException(
                $"the books {path} cannot be opened: {fault.Message}; put the file aside and let a new one fill from the agents (replay)", fault);
        }
    }

    /// <summary>True when a collector has the books open.</summary>
    public static bool IsTaken(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            TakeLock(path).Dispose();
            return false;
        }
        catch (StoreUnavailableException)
        {
            return true;
        }
    }

    /// <summary>Enters messages, again and again until the disk takes them: nothing counts twice by that.</summary>
    public Task EnterAsync(IReadOnlyList<BookArrival> arrivals, IReadOnlyCollection<string> enrolled, CancellationToken cancellationToken)
    {
        TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(
            () =>
            {
                Insist(arrivals, enrolled);
                entered.TrySetResult();
            },
            cancellationToken);
        return entered.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Reads from the books.</summary>
    /// <exception cref="StoreUnavailableException">They cannot be read.</exception>
    public Task<T> AskAsync<T>(Func<Books, T> ask, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(
            () =>
            {
                try
                {
                    answer.TrySetResult(ask(_books ??= Books.Open(_path, _maxAgents)));
                }
                catch (Exception fault) // LiteDB throws anything
                {
                    Close();
                    answer.TrySetException(new StoreUnavailableException($"the books {_path} cannot be read: {fault.Message}", fault));
                }
            },
            cancellationToken);
        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _work.CompleteAdding();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(false);
        await _lock.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
        _work.Dispose();
    }

    private void Run()
    {
        try
        {
            foreach (Action work in _work.GetConsumingEnumerable())
            {
                work();
            }
        }
        catch (OperationCanceledException)
        {
            // Closing while the disk refuses: what was not committed was not acknowledged, and comes again.
        }
        finally
        {
            Close();
            _ended.TrySetResult();
        }
    }

    private void Add(Action work, CancellationToken cancellationToken)
    {
        try
        {
            _work.Add(work, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            throw new OperationCanceledException("the books are closed");
        }
    }

    /// <summary>What is in memory may be ahead of the file: both go, and are read again when they are needed.</summary>
    private void Close()
    {
        _books?.Dispose();
        _books = null;
    }

    private void Insist(IReadOnlyList<BookArrival> arrivals, IReadOnlyCollection<string> enrolled)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            try
            {
                _books ??= Books.Open(_path, _maxAgents);
                _books.Enter(arrivals, enrolled);
                return;
            }
            catch (Exception fault) // a disk that refuses, a damaged page
            {
                Close();
                _complain($"the books cannot be written: {fault.Message}; trying again in {pause.TotalSeconds:0} s");
                _closing.Token.WaitHandle.WaitOne(pause);
                _closing.Token.ThrowIfCancellationRequested();
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private static FileStream TakeLock(string path)
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnavailableException($"the books {path} are in use by another collector, or their directory cannot be written: {fault.Message}", fault);
        }
    }
}
