using Nodepool.Cli;
using Nodepool.Core;
using Nodepool.Roles;

using var stop = StopSignal.OfProcess();
var sources = SystemSources.Create();
using var composition = new Composition(sources);
return await CommandLine.RunAsync(args, ProcessWorld.Create(composition, sources, stop), CancellationToken.None);
