using Nodepool.Core.Config.Reading;

namespace Nodepool.Core.Config.Templates;

/// <summary>Ends the parsing of a template; never leaves this folder.</summary>
internal sealed class FormatRefusal(Complaint complaint) : Exception(complaint.Message)
{
    public Complaint Complaint => complaint;
}
