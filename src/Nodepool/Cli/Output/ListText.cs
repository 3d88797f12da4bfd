using Nodepool.Lists;

namespace Nodepool.Cli.Output;

/// <summary>Writes a list in the form that was asked for.</summary>
internal static class ListText
{
    /// <summary>The text with its last line feed.</summary>
    public static string Of(ListTable table, OutputForm form, bool useColour) => form switch
    {
        OutputForm.Json => ListJson.Write(table, indented: true) + "\n",
        OutputForm.Yaml => YamlText.OfJson(ListJson.Write(table, indented: false)),
        OutputForm.Csv => ListCsv.Write(table),
        OutputForm.Wide => TextTable.Draw(table, useColour),
        _ => TextTable.Draw(table.Usual, useColour),
    };
}
