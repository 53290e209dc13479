using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using EdgeAgent.Core.Hep;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace EdgeAgent.Capture;

/// <summary>Takes HEP version 3 over TCP: packets one after another, each with its length in front.</summary>
/// <param name="inlet">Where packets go.</param>
/// <param name="logger">Log.</param>
internal sealed class HepTcpHandler(HepInlet inlet, ILogger logger)
{
    /// <summary>Connections at once; a PBX needs one.</summary>
    private const int MaxConnections = 64;

    private int _connections;

    /// <summary>Where it listens.</summary>
    public IPEndPoint Endpoint => inlet.Endpoint;

    /// <summary>Serves one connection until the peer or the agent ends it.</summary>
    public async Task ServeAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.RemoteEndPoint is not IPEndPoint { Address: { } sender } || !inlet.IsAllowed(sender))
        {
            inlet.Refuse();
            return;
        }

        if (Interlocked.Increment(ref _connections) > MaxConnections)
        {
            Interlocked.Decrement(ref _connections);
            inlet.Refuse();
            logger.HepTooManyConnections(inlet.Name, MaxConnections);
            return;
        }

        // A PBX that crashed never closes: without this its connections would fill the places of its successors.
        connection.Features.Get<IConnectionSocketFeature>()?.Socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        try
        {
            CancellationToken stop = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested
                ?? connection.ConnectionClosed;
            await ReadAsync(connection.Transport.Input, sender, stop).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ConnectionResetException)
        {
            // The agent stops, or the peer is gone: what was whole is counted.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task ReadAsync(PipeReader reader, IPAddress sender, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            bool isHep = TakeAll(ref buffer, sender);
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (!isHep)
            {
                // Without a length there is no telling where the next packet begins.
                inlet.Refuse();
                logger.HepNotSpoken(inlet.Name, sender.ToString());
                return;
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>Takes every whole packet off the front of <paramref name="buffer"/>; false when it holds something else.</summary>
    private bool TakeAll(ref ReadOnlySequence<byte> buffer, IPAddress sender)
    {
        Span<byte> header = stackalloc byte[HepParser.HeaderBytes];
        while (buffer.Length >= HepParser.HeaderBytes)
        {
            buffer.Slice(0, HepParser.HeaderBytes).CopyTo(header);
            if (!HepParser.TryReadLength(header, out int length))
            {
                return false;
            }

            if (buffer.Length < length)
            {
                return true; // at most 64 KiB: the length has 16 bits
            }

            ReadOnlySequence<byte> packet = buffer.Slice(0, length);
            inlet.Take(packet.IsSingleSegment ? packet.FirstSpan : packet.ToArray(), sender);
            buffer = buffer.Slice(length);
        }

        return true;
    }
}
