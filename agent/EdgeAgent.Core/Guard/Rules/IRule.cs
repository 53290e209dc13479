namespace EdgeAgent.Core.Guard.Rules;

/// <summary>A rule that is asked for each attempt. Pure but for state it is handed; must not allocate when it has nothing to say.</summary>
internal interface IRule
{
    /// <summary>Which rule.</summary>
    GuardId Id { get; }

    /// <summary>Judges an attempt.</summary>
    /// <param name="call">The attempt.</param>
    /// <param name="hit">What the rule has to say; its action is the book's to set.</param>
    /// <returns>False when the rule has nothing to say.</returns>
    bool Judge(GuardCase call, out GuardHit hit);
}
