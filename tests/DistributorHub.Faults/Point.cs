namespace DistributorHub.Faults;

/// <summary>The database that a step writes to.</summary>
enum Side
{
    Hub,
    Seller,
}

/// <summary>
/// A step of the way of a file, as the databases see it: the harness makes the step wait there, sees it wait, and strikes. Nothing of the program
/// knows of it.
/// </summary>
/// <param name="Name">Name of the step on the command line and in the table.</param>
/// <param name="Side">Where it waits.</param>
/// <param name="Table">The table it writes.</param>
/// <param name="When">Event and condition of the trigger that makes it wait.</param>
/// <param name="AtCommit">True to wait in COMMIT, after every statement.</param>
sealed record Point(string Name, Side Side, string Table, string When, bool AtCommit = false)
{
    /// <summary>What a backend's statement starts with that waits for a lock in place of a trigger, or null.</summary>
    public string? Waits { get; init; }

    /// <summary>Statement that takes the lock which it waits for, in place of a trigger.</summary>
    public string? Lock { get; init; }

    /// <summary>A step that is come to first, with the lock taken only then, or null: the lock would keep the file from getting there.</summary>
    public string? After { get; init; }

    /// <summary>In the order of the file's way.</summary>
    public static IReadOnlyList<Point> All { get; } =
    [
        new("listed", Side.Hub, "hub.remote_file", "insert"),
        new("settling", Side.Hub, "hub.remote_file", "update|old.state = 'Seen' and new.state = 'Settling'"),
        new("claimed", Side.Hub, "hub.remote_file", "update|new.state = 'Claimed' and old.state <> 'Claimed'"),
        new("archive-raw", Side.Hub, "hub.raw_file", "insert"),
        new("archive-chunk", Side.Hub, "hub.raw_chunk", "insert"),
        new("archive-exchange", Side.Hub, "hub.exchange", "insert"),
        new("archive-commit", Side.Hub, "hub.exchange", "insert", AtCommit: true),
        new("polled", Side.Hub, "hub.partner_state", "insert or update"),
        new("started", Side.Hub, "hub.exchange", "update|new.state = 'Processing' and old.state <> 'Processing'"),
        new("start-commit", Side.Hub, "hub.attempt", "insert", AtCommit: true),
        new("read", Side.Hub, "hub.raw_chunk", "")
        {
            After = "started",
            Waits = "select data, raw_file.bytes from raw_chunk",
            Lock = "lock table hub.raw_chunk in access exclusive mode",
        },
        new("mapped", Side.Seller, "sales.purchase_order", "")
        {
            Waits = "%pg_advisory_xact_lock(hashtextextended($1, 4711))",
            Lock = $"""select pg_advisory_xact_lock(hashtextextended('{Lane.Partner}/"sales"."purchase_order"', 4711))""",
        },
        new("load-rows", Side.Seller, "sales.purchase_order", "insert"),
        new("load-children", Side.Seller, "sales.purchase_order_line", "insert"),
        new("load-inbox", Side.Seller, "hub_inbox", "insert"),
        new("load-commit", Side.Seller, "hub_inbox", "insert", AtCommit: true),
        new("verdict", Side.Hub, "hub.interchange", "insert"),
        new("verdict-document", Side.Hub, "hub.document", "insert|new.state = 'Loaded'"),
        new("verdict-number", Side.Hub, "hub.control_number", "insert or update"),
        new("verdict-acknowledgement", Side.Hub, "hub.outbox", "insert|new.kind = 'SendAcknowledgement'"),
        new("verdict-commit", Side.Hub, "hub.outbox", "insert|new.kind = 'SendAcknowledgement'", AtCommit: true),
        new("ended", Side.Hub, "hub.exchange", "update|new.ended_at is not null and old.ended_at is null"),
        new("end-outbox", Side.Hub, "hub.outbox", "insert|new.kind = 'FinalizeRemote'"),
        new("end-commit", Side.Hub, "hub.outbox", "insert|new.kind = 'FinalizeRemote'", AtCommit: true),
        new("effects-taken", Side.Hub, "hub.outbox", "update|new.attempts > old.attempts"),
        new("effects-taken-commit", Side.Hub, "hub.outbox", "update|new.attempts > old.attempts", AtCommit: true),
        new("file-moved", Side.Hub, "hub.outbox", "update|new.done_at is not null and old.done_at is null and new.kind = 'FinalizeRemote'"),
        new("file-moved-commit", Side.Hub, "hub.remote_file", "update|new.state = 'Finalized' and old.state <> 'Finalized'", AtCommit: true),
        new("acknowledgement-sent", Side.Hub, "hub.outbox", "update|new.done_at is not null and old.done_at is null and new.kind = 'SendAcknowledgement'"),
        new("acknowledgement-sent-commit", Side.Hub, "hub.outbox", "update|new.done_at is not null and old.done_at is null and new.kind = 'SendAcknowledgement'", AtCommit: true),
    ];

    public static Point Of(string name) => All.Single(point => point.Name == name);
}
