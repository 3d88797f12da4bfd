using Nodepool.Testing.State;

namespace Nodepool.Tests.State;

public sealed class SqliteCommitTests : StateEngineCommitContract<SqliteStore>;

public sealed class SqliteNameTests : StateEngineTreeContract<SqliteStore>;

public sealed class SqliteSessionTests : StateEngineSessionContract<SqliteStore>;

public sealed class SqliteWatchTests : StateEngineWatchContract<SqliteStore>;

public sealed class SqliteLockTests : StateEngineLockContract<SqliteStore>;

public sealed class SqliteLockWaitTests : StateEngineLockWaitContract<SqliteStore>;

public sealed class SqliteWholeBatchTests : StateEngineWholeBatchContract<SqliteStore>;
