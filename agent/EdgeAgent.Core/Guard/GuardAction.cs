namespace EdgeAgent.Core.Guard;

/// <summary>What is done about a call; a higher value is graver.</summary>
public enum GuardAction : byte
{
    /// <summary>Nothing.</summary>
    Allow = 0,
    /// <summary>It is recorded that a rule had something to say.</summary>
    Observe,
    /// <summary>An alert is raised; the call goes on.</summary>
    Alert,
    /// <summary>The call is refused.</summary>
    Block,
    /// <summary>The number is taken out of service.</summary>
    Suspend,
}

/// <summary>How far a rule may go.</summary>
public enum GuardMode : byte
{
    /// <summary>The rule is not asked.</summary>
    Off = 0,
    /// <summary>It is recorded what the rule would have done.</summary>
    Observe,
    /// <summary>Alerts only.</summary>
    Alert,
    /// <summary>Alerts, blocks and suspends.</summary>
    Enforce,
}

/// <summary>What mode makes of what a rule asks for.</summary>
public static class GuardModes
{
    /// <summary>The action left of <paramref name="asked"/>.</summary>
    public static GuardAction Limit(this GuardMode mode, GuardAction asked)
    {
        GuardAction most = mode switch
        {
            GuardMode.Off => GuardAction.Allow,
            GuardMode.Observe => GuardAction.Observe,
            GuardMode.Alert => GuardAction.Alert,
            _ => GuardAction.Suspend,
        };
        return asked < most ? asked : most;
    }
}
