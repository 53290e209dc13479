namespace EdgeAgent.Core.Guard.Rules;

/// <summary>Tests whether two figures differ by more than chance.</summary>
internal static class Proportions
{
    /// <summary>
    /// Two-proportion z test with pooled variance: standard errors by which the second share lies above the first. 0 when a sample is
    /// empty or both shares are all or nothing.
    /// </summary>
    public static double Z(long hitsBefore, long before, long hitsAfter, long after)
    {
        if (before <= 0 || after <= 0)
        {
            return 0;
        }

        double pooled = (double)(hitsBefore + hitsAfter) / (before + after);
        double error = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / before) + (1.0 / after)));
        return error > 0 ? (((double)hitsAfter / after) - ((double)hitsBefore / before)) / error : 0;
    }

    /// <summary>Welch's test: standard errors by which the second mean lies above the first, from sums and sums of squares.</summary>
    public static double MeanZ(double sumBefore, double squaresBefore, long before, double sumAfter, double squaresAfter, long after)
    {
        if (before < 2 || after < 2)
        {
            return 0;
        }

        double error = Math.Sqrt(VarianceOfMean(sumBefore, squaresBefore, before) + VarianceOfMean(sumAfter, squaresAfter, after));
        double difference = (sumAfter / after) - (sumBefore / before);
        return error > 0 ? difference / error : difference == 0 ? 0 : Math.CopySign(double.MaxValue, difference);
    }

    private static double VarianceOfMean(double sum, double squares, long count) =>
        Math.Max(0, (squares - (sum * sum / count)) / (count - 1)) / count;
}
