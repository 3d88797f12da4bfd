using Nodepool.Cli;
using Nodepool.Core;
using Nodepool.Roles;

var sources = SystemSources.Create();
using var composition = new Composition(sources);
return await CommandLine.RunAsync(args, ProcessWorld.Create(composition, sources), CancellationToken.None);
