using System.Text.RegularExpressions;
using Nodepool.Cli.Output;
using Nodepool.Core.Model.Json;
using Nodepool.Lists;
using Nodepool.Tests.Cli;
using Column = Nodepool.Lists.ListColumn<string>;

namespace Nodepool.Tests.Lists;

/// <summary>The forms of lists and what is chosen from them.</summary>
public sealed partial class ListFormTests
{
    private static readonly Column[] Columns =
    [
        Column.Of("ID", "id", row => ListCell.Of(row)),
        Column.Of("State", "state", row => ListCell.Of(row == "a" ? "ready" : "failed")),
        Column.Of("Labels", "labels", row => ListCell.Of(["x", row])),
        new("Age", "age", (row, now) => ListCell.Age(row == "a" ? 5 : null, now)),
        Column.Of("Data", "data", row => ListCell.Of(RawJson.FromUtf8("""{"k":"v"}"""u8))),
    ];

    private static ListTable Table => ListTable.Of(Columns, ["a", "b\"c,\nd"], 15) with { UsualColumns = 2 };

    [Fact]
    public void Csv_QuotesWhatItMust_AndEndsLinesAsTheRfcSays() => Assert.Equal(
        "id,state,labels,age,data\r\na,ready,\"x,a\",5,\"{\"\"k\"\":\"\"v\"\"}\"\r\n\"b\"\"c,\nd\",failed,\"x,b\"\"c,\nd\",,\"{\"\"k\"\":\"\"v\"\"}\"\r\n",
        ListText.Of(Table, OutputForm.Csv, useColour: false));

    [Fact]
    public void Table_IsTheUsualColumns_WideIsAll()
    {
        Assert.StartsWith("+---------+--------+\n| ID      | State  |\n", ListText.Of(Table, OutputForm.Table, useColour: false), StringComparison.Ordinal);
        Assert.Contains("| Data ", ListText.Of(Table, OutputForm.Wide, useColour: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_TakenAway_LeaveTheSameText()
    {
        var store = new TestStore();
        RichStore.Fill(store);
        foreach (var table in new[] { NodeList.Of(store.View(), 2000), RequestList.Of(store.View(), 2000), ImageBuildList.Of(store.View(), 2000), ImageStatusList.Of(store.View(), 2000) })
        {
            var coloured = TextTable.Draw(table, useColour: true);

            Assert.Contains("\e[3", coloured, StringComparison.Ordinal);
            Assert.Equal(TextTable.Draw(table), Colour().Replace(coloured, ""));
        }
    }

    [Fact]
    public void Where_OfACellWithAList_LooksAtItsItems()
    {
        Assert.Equal(2, Table.Where("labels", ["x"]).Rows.Count);
        Assert.Single(Table.Where("labels", ["a"]).Rows);
        Assert.Single(Table.Where("state", ["failed", "used"]).Rows);
        Assert.Empty(Table.Where("id", ["A"]).Rows);
    }

    [Fact]
    public void Choose_KeepsTheOrderThatWasAskedFor()
    {
        var chosen = Table.Choose(["state", "id"]);

        Assert.Equal(["State", "ID"], chosen.Titles);
        Assert.Equal(["ready", "a"], chosen.Rows[0].Select(cell => cell.Text));
        Assert.Equal(2, chosen.Usual.Fields.Count);
    }

    [GeneratedRegex("\e\\[[0-9;]*m")]
    private static partial Regex Colour();
}
