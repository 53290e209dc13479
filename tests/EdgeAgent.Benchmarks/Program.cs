using BenchmarkDotNet.Running;
using EdgeAgent.Benchmarks.Month;

// dotnet run -c Release --project tests/EdgeAgent.Benchmarks -- --filter '*' --job short
// dotnet run -c Release --project tests/EdgeAgent.Benchmarks -- month 1000000 DIRECTORY | edge-agent simulate --config DIRECTORY/agent.yaml -
if (args is ["month", _, _])
{
    MonthCommand.Run(args);
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}
