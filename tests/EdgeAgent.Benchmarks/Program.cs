using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/EdgeAgent.Benchmarks -- --filter '*' --job short
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
