namespace Nodepool.Core;

/// <summary>Makes names that no other process makes.</summary>
public interface IIdSource
{
    /// <summary>A new id: 32 lower-case hexadecimal digits, the shape of Python's <c>uuid4().hex</c>.</summary>
    string NewId();
}
