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

    /// <summary>Has <paramref name="ask"/> done on the books' thread; it may be done again after a fault of the disk.</summary>
    public async Task<T> AskAsync<T>(Func<Books, T> ask, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _work.Add(() => answer.TrySetResult(Insist(ask)), cancellationToken);
        }
        catch (InvalidOperationException)
        {
            throw new OperationCanceledException("the books are closed");
        }

        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
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
            _books?.Dispose();
            _ended.TrySetResult();
        }
    }

    private T Insist<T>(Func<Books, T> ask)
    {
        TimeSpan pause = FirstPause;
        while (true)
        {
            try
            {
                _books ??= Books.Open(_path, _maxAgents);
                return ask(_books);
            }
            catch (Exception fault) // a disk that refuses, a damaged page: what is in memory may be ahead of the file
            {
                _books?.Dispose();
                _books = null;
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
