using Nodepool.Testing.State;
using Nodepool.Testing.ZooKeeper;

namespace Nodepool.Tests.State.ZooKeeper;

public sealed class FakeZooKeeperCommitTests : StateEngineCommitContract<FakeZooKeeperStore>;

public sealed class FakeZooKeeperNameTests : StateEngineTreeContract<FakeZooKeeperStore>;

public sealed class FakeZooKeeperSessionTests : StateEngineSessionContract<FakeZooKeeperStore>;

public sealed class FakeZooKeeperWatchTests : StateEngineWatchContract<FakeZooKeeperStore>;

public sealed class FakeZooKeeperLockTests : StateEngineLockContract<FakeZooKeeperStore>;

public sealed class FakeZooKeeperLockWaitTests : StateEngineLockWaitContract<FakeZooKeeperStore>;
