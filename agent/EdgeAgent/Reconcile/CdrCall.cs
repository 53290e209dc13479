namespace EdgeAgent.Reconcile;

/// <summary>A call as carrier or PBX list it. The called number is not read.</summary>
/// <param name="Start">When it began.</param>
/// <param name="IsAnswered">Listed as answered.</param>
/// <param name="Seconds">Talk or billed time; 0 where none is listed.</param>
internal readonly record struct CdrCall(DateTimeOffset Start, bool IsAnswered, double Seconds);

/// <summary>A row that could not be read.</summary>
/// <param name="Line">Its first line in the file, from 1.</param>
/// <param name="Cause">What is wrong with it; nothing of its content.</param>
internal readonly record struct CdrFault(long Line, string Cause);
