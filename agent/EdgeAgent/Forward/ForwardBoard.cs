namespace EdgeAgent.Forward;

/// <summary>Where the forwarder's loops note how they do. Thread-safe.</summary>
internal sealed class ForwardBoard(bool isEnabled, string firstBroker, TimeProvider time)
{
    private readonly Lock _gate = new();
    private bool _isConnected;
    private DateTimeOffset? _since;
    private string? _lastError;
    private string? _parked;
    private bool _isListening;
    private string _broker = firstBroker;
    private string? _standby;
    private int _inFlight;
    private long _acknowledged;

    /// <summary>How it does now.</summary>
    public ForwardStatus Current
    {
        get
        {
            lock (_gate)
            {
                return new ForwardStatus(
                    isEnabled,
                    _isConnected,
                    _broker,
                    _since,
                    _lastError,
                    Volatile.Read(ref _inFlight),
                    Interlocked.Read(ref _acknowledged),
                    _parked,
                    _standby,
                    _isListening);
            }
        }
    }

    /// <summary>The next connection goes there.</summary>
    /// <param name="broker">Scheme, host and port.</param>
    /// <param name="standby">Why it is the standby broker; null when it is the first.</param>
    public void Turn(string broker, string? standby)
    {
        lock (_gate)
        {
            _broker = broker;
            _standby = standby;
        }
    }

    /// <summary>The broker has accepted us.</summary>
    public void Connected() => Change(isConnected: true, error: null, parked: null);

    /// <summary>The connection ended or could not be made.</summary>
    public void Ended(SessionEnd end) => Change(
        isConnected: false,
        end.Kind is SessionEndKind.Stopped or SessionEndKind.Renew ? null : end.Reason,
        end.IsParked ? end.Reason : null);

    /// <summary>Sending pauses although the connection stands; null when it goes on.</summary>
    public void Held(string? reason)
    {
        lock (_gate)
        {
            _parked = reason;
        }
    }

    /// <summary>The broker has taken our subscription to commands.</summary>
    public void Listening()
    {
        lock (_gate)
        {
            _isListening = true;
        }
    }

    /// <summary>A message goes out.</summary>
    public void Sending() => Interlocked.Increment(ref _inFlight);

    /// <summary>A message is settled.</summary>
    public void Settled() => Interlocked.Decrement(ref _inFlight);

    /// <summary>A sequenced record was acknowledged.</summary>
    public void Acknowledged() => Interlocked.Increment(ref _acknowledged);

    private void Change(bool isConnected, string? error, string? parked)
    {
        lock (_gate)
        {
            _since = isConnected != _isConnected || _since is null ? time.GetUtcNow() : _since;
            _isConnected = isConnected;
            _isListening = false;
            _lastError = error;
            _parked = parked;
        }
    }
}
