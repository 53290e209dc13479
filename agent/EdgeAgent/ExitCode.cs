namespace EdgeAgent;

/// <summary>Exit codes of every command (sysexits.h where one fits).</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The agent runs but something lowers its confidence; the output says what.</summary>
    public const int Degraded = 1;

    /// <summary><c>explain</c>: the Call-ID is in no capture read.</summary>
    public const int NotFound = 1;

    /// <summary><c>verify</c>: something is wrong with the records; the output names the first.</summary>
    public const int NotGenuine = 1;

    /// <summary><c>policy diff</c>: the policies differ.</summary>
    public const int Differs = 1;

    /// <summary><c>reconcile</c>: calls and journal differ by more than is allowed.</summary>
    public const int NotReconciled = 1;

    /// <summary><c>check</c>: the call would be refused.</summary>
    public const int Blocked = 1;

    /// <summary>Wrong use of the command line.</summary>
    public const int Usage = 2;

    /// <summary>No agent is running on this host.</summary>
    public const int NotRunning = 3;

    /// <summary>Input is damaged or no capture (EX_DATAERR).</summary>
    public const int BadInput = 65;

    /// <summary>A file, interface or service that is needed is missing or locked (EX_UNAVAILABLE).</summary>
    public const int Unavailable = 69;

    /// <summary>The agent itself failed (EX_SOFTWARE).</summary>
    public const int Fault = 70;

    /// <summary>The configuration is wrong (EX_CONFIG); systemd does not restart on it.</summary>
    public const int Config = 78;
}
