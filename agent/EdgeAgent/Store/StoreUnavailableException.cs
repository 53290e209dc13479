namespace EdgeAgent.Store;

/// <summary>The store cannot be used: another agent holds it, its directory cannot be written, or the disk refuses.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException()
    {
    }

    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    public StoreUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
