using Nodepool.Testing.State;

namespace Nodepool.Integration.State.ZooKeeper;

public sealed class PlainZooKeeperCommitTests : StateEngineCommitContract<PlainZooKeeperStore>;

public sealed class PlainZooKeeperNameTests : StateEngineTreeContract<PlainZooKeeperStore>;

public sealed class PlainZooKeeperSessionTests : StateEngineSessionContract<PlainZooKeeperStore>;

public sealed class PlainZooKeeperWatchTests : StateEngineWatchContract<PlainZooKeeperStore>;

public sealed class PlainZooKeeperLockTests : StateEngineLockContract<PlainZooKeeperStore>;

public sealed class PlainZooKeeperLockWaitTests : StateEngineLockWaitContract<PlainZooKeeperStore>;

public sealed class TlsZooKeeperCommitTests : StateEngineCommitContract<TlsZooKeeperStore>;

public sealed class TlsZooKeeperNameTests : StateEngineTreeContract<TlsZooKeeperStore>;

public sealed class TlsZooKeeperSessionTests : StateEngineSessionContract<TlsZooKeeperStore>;

public sealed class TlsZooKeeperWatchTests : StateEngineWatchContract<TlsZooKeeperStore>;

public sealed class TlsZooKeeperLockTests : StateEngineLockContract<TlsZooKeeperStore>;

public sealed class TlsZooKeeperLockWaitTests : StateEngineLockWaitContract<TlsZooKeeperStore>;
