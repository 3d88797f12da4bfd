using System.Globalization;
using Nodepool.Cli;
using Nodepool.Core;
using Nodepool.Daemons;
using Nodepool.Diagnostics;
using Nodepool.Roles;

if (DaemonProgram.IsThis && args is [StackReader.Verb, var process])
{
    return StackReader.Run(int.Parse(process, CultureInfo.InvariantCulture), Console.In, Console.Out, Console.Error);
}

Background.Begin();
using var stop = StopSignal.OfProcess();
var sources = SystemSources.Create();
using var composition = new Composition(sources);
return await CommandLine.RunAsync(args, ProcessWorld.Create(composition, sources, stop), CancellationToken.None);
