using System.Text;

namespace Nodepool.Logging;

/// <summary>How an event is written.</summary>
internal interface ILogFormat
{
    /// <summary>Appends the event, its line feed included.</summary>
    void Append(StringBuilder text, in LogEvent logged);
}
