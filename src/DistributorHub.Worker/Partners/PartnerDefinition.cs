using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;

namespace DistributorHub.Worker.Partners;

enum PartnerState
{
    Draft,
    Test,
    Live,
    Paused,
    Retired,
}

/// <summary>What becomes of an interchange of a live partner that says it is a test.</summary>
enum TestIndicator
{
    Refuse,

    /// <summary>It is loaded as any other.</summary>
    Accept,
}

/// <summary>Whether the numbers of interchanges are followed.</summary>
enum SequenceCheck
{
    Off,
    Warn,
}

enum SourceKind
{
    Folder,
    Sftp,
}

enum AfterRead
{
    Delete,
    Move,
    Leave,
}

/// <summary>One <c>mappings/partners/&lt;id&gt;/partner.yaml</c>: who they are, how to reach them, what is exchanged.</summary>
sealed record PartnerDefinition
{
    /// <summary>Name of the folder: lower-case letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public PartnerState State { get; init; } = PartnerState.Live;

    /// <summary>True for one who is polled and sent to, by the file's word.</summary>
    public bool IsServed => State is PartnerState.Live or PartnerState.Test;

    /// <summary>Schema of the tables that are loaded while the partner is under test; null = nothing is loaded then.</summary>
    public string? TestSchema { get; init; }

    public TestIndicator TestIndicator { get; init; }

    public SequenceCheck Sequence { get; init; }

    /// <summary>A file is expected at least this often; null = whenever they like.</summary>
    public TimeSpan? ExpectedEvery { get; init; }

    /// <summary>True for the partners of the first start: they run only while no connection string is set.</summary>
    public bool Sample { get; init; }

    /// <summary>Ids by which their interchanges are recognised. Qualifiers compare without leading zeros; an empty one matches any.</summary>
    public required IReadOnlyList<PartnerIdentity> Identities { get; init; }

    /// <summary>Default for <c>$partner.currency</c>, or null.</summary>
    public string? Currency { get; init; }

    /// <summary>The partner's GLN for <c>$partner.gln</c>, or null.</summary>
    public string? Gln { get; init; }

    /// <summary>The GLN we have with this partner for <c>$partner.own_gln</c>, or null.</summary>
    public string? OwnGln { get; init; }

    /// <summary>What maps may ask of the partner.</summary>
    public Dictionary<string, string> Values()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["id"] = Id, ["name"] = Name };
        foreach (var (name, value) in new[] { ("currency", Currency), ("gln", Gln), ("own_gln", OwnGln) })
            if (value is not null)
                values[name] = value;
        return values;
    }

    public required SourceDefinition Source { get; init; }

    /// <summary>Five- or six-field cron expression, UTC.</summary>
    public string Schedule { get; init; } = "*/5 * * * *";

    /// <summary>Which map takes which message.</summary>
    public required IReadOnlyList<RouteDefinition> Routes { get; init; }

    /// <summary>What is sent to them.</summary>
    public IReadOnlyList<SendDefinition> Sends { get; init; } = [];

    public AcknowledgePolicy Acknowledge { get; init; } = new();

    /// <summary>When a document waits for people before it is loaded.</summary>
    public IReadOnlyList<HoldRule> Holds { get; init; } = [];

    /// <summary>Who decides then.</summary>
    public ApprovalPolicy Approvals { get; init; } = new();

    /// <summary>How long what they sent is kept.</summary>
    public RetentionPolicy Retention { get; init; } = new();

    /// <summary>Names of segments, elements and columns of files that hold data of persons.</summary>
    public IReadOnlyList<string> Personal { get; init; } = [];

    /// <summary>Who on our side is told of their alerts, beside the installation's addresses.</summary>
    public Contacts Contacts { get; init; } = new();

    public DuplicatePolicy Duplicates { get; init; } = new();

    /// <summary>What their files are read with: a character set in place of the declared one, and how bad the faults are that the reader mends.</summary>
    public ReaderOptions Reading { get; init; } = new();

    /// <summary>Waits before each repetition after a transient failure.</summary>
    public IReadOnlyList<TimeSpan> TransientRetries { get; init; } =
        [.. new[] { 1, 2, 5, 15, 30, 60 }.Select(minutes => TimeSpan.FromMinutes(minutes))];
}

readonly record struct PartnerIdentity(Standard Standard, string Id, string Qualifier);

/// <summary>
/// Message type and release as the envelope names them, the id of the map and that of the guide the messages are checked with. An empty release
/// matches any; an empty guide is none. Files without an envelope are told by their names.
/// </summary>
readonly record struct RouteDefinition(Standard Standard, string Message, string Release, string Map, string Guide = "")
{
    /// <summary>Which files it takes whose name alone tells what they are (<c>*.csv</c>); empty for messages of EDI, which their envelope tells.</summary>
    public string Files { get; init; } = "";

    /// <summary>False when its entry has a mistake, so that what it takes is not known.</summary>
    public bool IsWhole { get; init; } = true;
}

/// <summary>A map whose document is sent to the partner: each row of its view is a file in a folder of theirs.</summary>
/// <param name="Map">Id of a map that writes.</param>
/// <param name="Folder">Folder on the partner's side.</param>
/// <param name="Sender">Our id in UNB or ISA.</param>
/// <param name="SenderQualifier">Its qualifier; empty = none.</param>
/// <param name="Recipient">Theirs; empty = the first of their identities in the map's standard.</param>
/// <param name="RecipientQualifier">Its qualifier; empty = none, or that of the identity.</param>
/// <param name="Test">True for interchanges that say they are tests.</param>
/// <param name="FirstNumber">The first control number of the range that was agreed.</param>
/// <param name="LastNumber">The last of them.</param>
/// <param name="Rollover">True lets control numbers start at the first again after the last.</param>
readonly record struct SendDefinition(
    string Map, string Folder, string Sender, string SenderQualifier, string Recipient, string RecipientQualifier, bool Test, int FirstNumber, int LastNumber, bool Rollover)
{
    /// <summary>The largest control number: ISA13 has room for nine digits.</summary>
    public const int NumberMax = 999_999_999;

    /// <summary>Which answer is waited for.</summary>
    public AnswerLevel ExpectedAnswer { get; init; }

    /// <summary>How long after delivery its answer is overdue.</summary>
    public TimeSpan OverdueAfter { get; init; } = OverdueAfterDefault;

    public static readonly TimeSpan OverdueAfterDefault = TimeSpan.FromHours(24);
    /// <summary>GS02 and GS03; empty = sender and recipient. X12 only.</summary>
    public string GroupSender { get; init; } = "";

    public string GroupRecipient { get; init; } = "";

    /// <summary>How its interchanges are written.</summary>
    public SendForm Form { get; init; } = SendForm.Default;

    /// <summary>How many numbers there are.</summary>
    public int Numbers => LastNumber - FirstNumber + 1;
}

/// <summary>Which acknowledgements the partner wants, and where they go (a folder on the partner's side).</summary>
sealed record AcknowledgePolicy
{
    public AcknowledgementOptions Answers { get; init; } = new() { Technical = Answering.Requested, Functional = Answering.Requested };

    public string Folder { get; init; } = "out";
}

sealed record SourceDefinition
{
    public required SourceKind Kind { get; init; }

    /// <summary>Folder to read from: on the server; for folder sources, relative to <c>Hub:Files</c> or absolute.</summary>
    public required string Path { get; init; }

    public string Pattern { get; init; } = "*";

    public IReadOnlyList<string> Ignore { get; init; } = [".*", "*.filepart", "*.part", "*.tmp", "*.writing"];

    /// <summary>A file counts as complete when two listings this far apart show the same size and time.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>True: a file that starts an interchange and does not end it is not whole yet, however long it has not changed.</summary>
    public bool RequireTrailer { get; init; } = true;

    /// <summary>How long a file may stay unchanged without the end of its interchange before it is taken as it is.</summary>
    public TimeSpan IncompleteGrace { get; init; } = TimeSpan.FromMinutes(30);

    public long FileBytesMax { get; init; } = Edi.Limits.FileBytesMax;

    public int FilesPerPollMax { get; init; } = 200;

    public AfterRead AfterRead { get; init; } = AfterRead.Move;

    /// <summary>Folder for <see cref="AfterRead.Move"/>, relative to <see cref="Path"/>'s parent or absolute; <c>{date}</c> becomes today's.</summary>
    public string MoveTo { get; init; } = "processed";

    public string Host { get; init; } = "";

    public int Port { get; init; } = 22;

    public string User { get; init; } = "";

    /// <summary>References to secrets (<c>env:NAME</c>, <c>file:PATH</c>), or null.</summary>
    public string? Password { get; init; }

    public string? PrivateKey { get; init; }

    public string? Passphrase { get; init; }

    /// <summary>Pinned host keys as <c>SHA256:…</c>.</summary>
    public IReadOnlyList<string> HostKeys { get; init; } = [];

    /// <summary>Full path of a known_hosts file, or null.</summary>
    public string? KnownHosts { get; init; }

    /// <summary>Trusts any host key. Named so that it is seen.</summary>
    public bool InsecureAcceptAnyHostKey { get; init; }

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Polls that fail one after another before people are told.</summary>
    public int AlertAfterFailures { get; init; } = 3;

    /// <summary>The last day of our key or password there, or null when it does not run out or nobody knows.</summary>
    public DateOnly? ValidUntil { get; init; }

    /// <summary>Files fetched at the same time on one connection.</summary>
    public int ParallelDownloads { get; init; } = 16;
}
