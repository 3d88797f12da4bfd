namespace Nodepool.Core.Canaries;

/// <summary>Fisher's exact test, one-sided: exact also for the small numbers that a canary lives by.</summary>
public static class FisherTest
{
    /// <summary>
    /// How likely at least so many of the failures fall on the new one if both are equally good. 1 when there is nothing to compare.
    /// </summary>
    /// <param name="newFailed">Failures of the new one.</param>
    /// <param name="newPassed">Its successes.</param>
    /// <param name="oldFailed">Failures of the other.</param>
    /// <param name="oldPassed">Its successes.</param>
    public static double Chance(int newFailed, int newPassed, int oldFailed, int oldPassed)
    {
        var (drawn, failed, all) = (newFailed + newPassed, newFailed + oldFailed, newFailed + newPassed + oldFailed + oldPassed);
        var sum = 0.0;
        for (var k = newFailed; k <= Math.Min(drawn, failed); k++)
        {
            if (drawn - k <= all - failed)
            {
                sum += Math.Exp(LogChoose(failed, k) + LogChoose(all - failed, drawn - k) - LogChoose(all, drawn));
            }
        }

        return Math.Min(1, sum);
    }

    private static double LogChoose(int from, int count)
    {
        var sum = 0.0;
        for (var i = 1; i <= count; i++)
        {
            sum += Math.Log((from - count + i) / (double)i);
        }

        return sum;
    }
}
