namespace EdgeAgent.Core.Commands;

/// <summary>Why a command was not carried out; in camelCase the <c>cause</c> of its reply and of its record.</summary>
public enum CommandRefusal
{
    /// <summary>It was not refused.</summary>
    None = 0,
    /// <summary>Longer than its kind may be; nothing of it was read.</summary>
    Oversized,
    /// <summary>No command: not JSON, a field missing, twice, of another type or out of range, or another name than its topic's.</summary>
    Malformed,
    /// <summary>No command of the contract.</summary>
    UnknownCommand,
    /// <summary>This agent takes no signed commands: no key is configured.</summary>
    NoKeyPinned,
    /// <summary>Signed by none of the configured keys, altered, or not signed at all.</summary>
    BadSignature,
    /// <summary>Meant for another agent.</summary>
    WrongAgent,
    /// <summary>Issued in the future, past the tolerance for clocks.</summary>
    NotYetValid,
    /// <summary>Past its expiry and the tolerance for clocks.</summary>
    Expired,
    /// <summary>A command with this nonce was taken before.</summary>
    Replayed,
    /// <summary>More commands than are taken in a time.</summary>
    TooMany,
}
