namespace Nodepool.Roles;

/// <summary>A role cannot start because of something outside the program that a person has to change; the message says what.</summary>
internal sealed class RoleStartException(string message, Exception? inner = null) : Exception(message, inner);
