using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAgent.Tests.Cli;

/// <summary>The real executable as a process: the one in EDGEAGENT_BINARY, else the one built beside the tests.</summary>
internal sealed class AgentProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private AgentProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>What it reads as standard input; dispose of it to end the input.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>Starts it; variables are added to those of the tests, without NOTIFY_SOCKET and watchdog of whoever runs them.</summary>
    public static AgentProcess Start(IReadOnlyList<string> args, IReadOnlyDictionary<string, string>? variables = null)
    {
        string? binary = Environment.GetEnvironmentVariable("EDGEAGENT_BINARY");
        ProcessStartInfo start = new(binary ?? "dotnet") 
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        if (binary is null)
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "edge-agent.dll"));
        }

        foreach (string arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach (string name in new[] { "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID" })
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new AgentProcess(new Process { StartInfo = start });
    }

    /// <summary>Sends SIGHUP, SIGINT or SIGTERM.</summary>
    public async Task SignalAsync(PosixSignal signal, CancellationToken cancellationToken)
    {
        string name = signal == PosixSignal.SIGHUP ? "HUP" : signal == PosixSignal.SIGINT ? "INT" : "TERM";
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]);
        await kill.WaitForExitAsync(cancellationToken);
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"the agent is gone: {Error}");
        }
    }

    /// <summary>Waits for the end.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Patience);
        await _process.WaitForExitAsync(limited.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
