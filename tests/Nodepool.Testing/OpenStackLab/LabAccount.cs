namespace Nodepool.Testing.OpenStackLab;

/// <summary>Who works in a project, both of the domain <c>Default</c>.</summary>
/// <param name="User">Name of the user.</param>
/// <param name="Project">Name of the project.</param>
/// <param name="Password">The user's password.</param>
public sealed record LabAccount(string User, string Project, string Password);
