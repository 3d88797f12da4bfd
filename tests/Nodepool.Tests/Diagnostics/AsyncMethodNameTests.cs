using Nodepool.Diagnostics;

namespace Nodepool.Tests.Diagnostics;

public sealed class AsyncMethodNameTests
{
    [Theory]
    [InlineData("Nodepool.Roles.RoleHost+<ServeAsync>d__5", "Nodepool.Roles.RoleHost.ServeAsync")]
    [InlineData("A.Outer+Inner+<RunAsync>d__12", "A.Outer.Inner.RunAsync")]
    [InlineData("A.Type+<>c__DisplayClass3_0+<<RunAsync>b__0>d", "A.Type.RunAsync (lambda)")]
    [InlineData("A.Type+<>c+<<RunAsync>b__4_1>d", "A.Type.RunAsync (lambda)")]
    [InlineData("A.Type+<<RunAsync>g__Inner|3_0>d", "A.Type.RunAsync.Inner")]
    [InlineData("Program+<<<Main>$>g__B|0_1>d", "Program.Main.B")]
    [InlineData("A.Type+<RunAsync>d__5<System.Int32>", "A.Type.RunAsync")]
    [InlineData("A.Plain", "A.Plain")]
    [InlineData("", "")]
    public void Of_StateMachines_IsWhatPeopleWrote(string stateMachine, string name) => Assert.Equal(name, AsyncMethodName.Of(stateMachine));
}
