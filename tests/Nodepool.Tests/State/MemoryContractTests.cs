using Nodepool.Testing.State;

namespace Nodepool.Tests.State;

public sealed class MemoryCommitTests : StateEngineCommitContract<MemoryStore>;

public sealed class MemoryNameTests : StateEngineTreeContract<MemoryStore>;

public sealed class MemorySessionTests : StateEngineSessionContract<MemoryStore>;

public sealed class MemoryWatchTests : StateEngineWatchContract<MemoryStore>;

public sealed class MemoryLockTests : StateEngineLockContract<MemoryStore>;

public sealed class MemoryLockWaitTests : StateEngineLockWaitContract<MemoryStore>;

public sealed class MemoryWholeBatchTests : StateEngineWholeBatchContract<MemoryStore>;
