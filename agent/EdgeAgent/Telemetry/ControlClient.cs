using System.Buffers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAgent.Telemetry;

/// <summary>Asks the running agent over its Unix socket.</summary>
internal sealed class ControlClient : IDisposable
{
    /// <summary>Largest answer read: 20,000 numbers with every counter are about 16 MiB.</summary>
    private const long MaxAnswerBytes = 256L * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly string _path;

    /// <summary>A client of the socket at <paramref name="path"/>; connects with the first question.</summary>
    public ControlClient(string path)
    {
        _path = path;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, token) => ConnectAsync(path, token) })
        {
            BaseAddress = new Uri("http://edge-agent/"),
            Timeout = TimeSpan.FromSeconds(10),
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    /// <summary>Asks <paramref name="question"/>, such as <c>v1/status</c>.</summary>
    /// <exception cref="CommandException">No agent answers (exit 3), or it may not be asked or does not understand (exit 69).</exception>
    public Task<T> GetAsync<T>(string question, JsonTypeInfo<T> type, CancellationToken cancellationToken) => AskAsync(
        () => new HttpRequestMessage(HttpMethod.Get, new Uri(question, UriKind.Relative)),
        async body => await JsonSerializer.DeserializeAsync(body, type, cancellationToken).ConfigureAwait(false)
            ?? throw new CommandException(ExitCode.Unavailable, "the agent gave an empty answer"),
        cancellationToken);

    /// <summary>Sends <paramref name="told"/> to <paramref name="question"/>, such as <c>v1/reconciliations</c>.</summary>
    /// <exception cref="CommandException">As <see cref="GetAsync{T}"/>.</exception>
    public Task<TAnswer> PostAsync<T, TAnswer>(
        string question, T told, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken) => AskAsync(
        () => new HttpRequestMessage(HttpMethod.Post, new Uri(question, UriKind.Relative))
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(told, type)),
        },
        async body => await JsonSerializer.DeserializeAsync(body, answerType, cancellationToken).ConfigureAwait(false)
            ?? throw new CommandException(ExitCode.Unavailable, "the agent gave an empty answer"),
        cancellationToken);

    /// <summary>Asks <paramref name="question"/> and hands over each line of the answer as it comes, without its end.</summary>
    /// <exception cref="CommandException">As <see cref="GetAsync{T}"/>.</exception>
    public Task<bool> ReadLinesAsync(string question, Action<ReadOnlySequence<byte>> onLine, CancellationToken cancellationToken) => AskAsync(
        () => new HttpRequestMessage(HttpMethod.Get, new Uri(question, UriKind.Relative)),
        async body =>
        {
            await LineReader.ReadAsync(body, onLine, cancellationToken).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    private async Task<T> AskAsync<T>(Func<HttpRequestMessage> question, Func<Stream, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = question();
            using HttpResponseMessage response =
                await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == System.Net.HttpStatusCode.InternalServerError)
            {
                throw new CommandException(ExitCode.Unavailable, "the agent failed over the question; its log says why");
            }

            if (!response.IsSuccessStatusCode)
            {
                throw new CommandException(ExitCode.Unavailable, await RefusalAsync(response, body, cancellationToken).ConfigureAwait(false));
            }

            return await read(body).ConfigureAwait(false);
        }
        catch (HttpRequestException fault) when (fault.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw new CommandException(ExitCode.Unavailable, $"{_path} may not be opened by this user: be root or in the agent's group", fault);
        }
        catch (HttpRequestException fault) when (fault.InnerException is SocketException)
        {
            throw new CommandException(ExitCode.NotRunning, $"no edge-agent is running: nothing answers on {_path}", fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or IOException)
        {
            throw new CommandException(ExitCode.Unavailable, $"the answer on {_path} is not edge-agent's: {fault.Message}", fault);
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(ExitCode.Unavailable, $"the agent on {_path} did not answer within {_http.Timeout.TotalSeconds:0} s", fault);
        }
    }

    private static async Task<string> RefusalAsync(HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
    {
        try
        {
            ErrorDocument? error =
                await JsonSerializer.DeserializeAsync(body, TelemetryJson.Plain.ErrorDocument, cancellationToken).ConfigureAwait(false);
            return $"the agent refuses the question: {error?.Error ?? response.ReasonPhrase}";
        }
        catch (JsonException)
        {
            return $"the agent could not answer ({(int)response.StatusCode} {response.ReasonPhrase}): its log says why";
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
