using EdgeAgent.Core.Packets;
using EdgeAgent.Core.Sip;

namespace EdgeAgent.Core.Calls;

/// <content>Telling a trace what a message did. Nothing in here decides anything.</content>
public sealed partial class CallTable
{
    private CallNote _note;
    private Call? _touched;
    private bool _isRepeat;

    private void TakeAndTell(ICallTrace trace, in SipMessage message, IpEndpoint source, IpEndpoint destination, DateTimeOffset at)
    {
        _note = CallNote.None;
        _touched = null;
        _isRepeat = false;
        trace.OnMessage(message, source, destination, at);
        Take(message, source, destination, at);
        trace.OnTaken(_touched, _isRepeat, _note);
        _touched = null;
    }

    /// <summary>Why the message at hand does what it does; of several notes the last one stands.</summary>
    private void Note(CallNote note) => _note = note;
}
