namespace Nodepool.State.ZooKeeper.Client;

/// <summary>The error numbers of the protocol.</summary>
internal enum ErrorCode
{
    Ok = 0,
    SystemError = -1,
    RuntimeInconsistency = -2,
    DataInconsistency = -3,

    /// <summary>The connection went away while a request was under way.</summary>
    ConnectionLoss = -4,
    MarshallingError = -5,
    Unimplemented = -6,

    /// <summary>No answer within the time limit of the client.</summary>
    OperationTimeout = -7,
    BadArguments = -8,
    NewConfigNoQuorum = -13,
    ReconfigInProgress = -14,
    ApiError = -100,
    NoNode = -101,
    NoAuth = -102,
    BadVersion = -103,
    NoChildrenForEphemerals = -108,
    NodeExists = -110,
    NotEmpty = -111,

    /// <summary>The server, or the client in its place, has ended the session.</summary>
    SessionExpired = -112,
    InvalidCallback = -113,
    InvalidAcl = -114,
    AuthFailed = -115,

    /// <summary>The client was closed by its user.</summary>
    Closing = -116,
    Nothing = -117,
    SessionMoved = -118,
    NotReadOnly = -119,
    EphemeralOnLocalSession = -120,
    NoWatcher = -121,

    /// <summary>It waited in the client beyond its time limit and was not sent.</summary>
    RequestTimeout = -122,
    ReconfigDisabled = -123,
    SessionClosedRequireSaslAuth = -124,
    QuotaExceeded = -125,
    ThrottledOp = -127,
}
