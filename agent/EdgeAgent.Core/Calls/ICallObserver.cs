namespace EdgeAgent.Core.Calls;

/// <summary>Hears of every change the figures depend on, each exactly once per call, on the signalling thread.</summary>
public interface ICallObserver
{
    /// <summary>An attempt began at <see cref="Call.Start"/>. Not called for calls whose role is still undecided, see <see cref="OnRoleDecided"/>.</summary>
    void OnAttempt(Call call);

    /// <summary>First 18x, first 180 or first 183.</summary>
    /// <param name="call">The attempt.</param>
    /// <param name="at">Time of the response.</param>
    /// <param name="isFirst">It is the first 18x of any kind.</param>
    /// <param name="status">Status code.</param>
    void OnRinging(Call call, DateTimeOffset at, bool isFirst, int status);

    /// <summary>First 2xx at <see cref="Call.AnsweredAt"/>; the disposition is known.</summary>
    void OnAnswered(Call call);

    /// <summary>An attempt got its disposition without being answered.</summary>
    /// <param name="call">The attempt.</param>
    /// <param name="at">Time of the final response, or of the deadline where there was none.</param>
    void OnRefused(Call call, DateTimeOffset at);

    /// <summary>An answered call ended, see <see cref="Call.EndEvidence"/>.</summary>
    /// <param name="call">The call.</param>
    /// <param name="at">Time of the BYE, or of the deadline where there was none.</param>
    void OnEnded(Call call, DateTimeOffset at);

    /// <summary>
    /// A call is up: answered, and no BYE seen that would end it; or is not any more. Comes after <see cref="OnAnswered"/>, before
    /// <see cref="OnEnded"/>; a BYE that is revoked puts the call up again, since the time of that BYE.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="at">Time of the 2xx, of the BYE, or of the deadline.</param>
    /// <param name="isUp">It is up from now on.</param>
    void OnUpChanged(Call call, DateTimeOffset at, bool isUp);

    /// <summary>Nothing will change any more; an open attempt is left open. Comes after <see cref="OnRefused"/>, <see cref="OnEnded"/> and <see cref="OnRoleDecided"/>.</summary>
    void OnClosed(Call call);

    /// <summary>A call that touches no trunk was found to be internal, over an unlisted trunk, or neither.</summary>
    void OnRoleDecided(Call call);
}
