namespace Nodepool.Core.Reconciling;

/// <summary>A part of a role, as the configuration asks for it.</summary>
/// <param name="Name">Its name within the role.</param>
/// <param name="Identity">What it is started from: as long as this stays equal (<see cref="object.Equals(object)"/>) the part goes on through configuration changes.</param>
/// <param name="RunAsync">The part; ends when its token is cancelled.</param>
internal sealed record Part(string Name, object Identity, Func<CancellationToken, Task> RunAsync);
