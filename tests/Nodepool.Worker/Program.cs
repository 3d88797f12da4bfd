using Nodepool.Worker;

// Another process on the same state store, for tests that kill it. Tells on its output what it has done, line by line.
if (args.Length >= 2 && StateWorker.Commands.TryGetValue(args[0], out var command))
{
    await command(new StateWorker(args[1]), args[2..]);
    return 0;
}

Console.Error.WriteLine($"Usage: Nodepool.Worker {string.Join('|', StateWorker.Commands.Keys)} STORE [ARGUMENTS]");
return 2;
