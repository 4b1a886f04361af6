using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Edi.Write;
using DistributorHub.Mapping.Schema;

namespace DistributorHub.Worker.Partners;

/// <summary>The settings of a partner file; <c>mappings/partners/README.md</c> says more of each.</summary>
static class PartnerSettings
{
    static readonly Shape Duration = new Shape.Text(Measures.DurationPattern);
    static readonly Shape Size = new Shape.Text(Measures.SizePattern);
    static readonly Shape Secret = new Shape.Text(Secrets.Pattern);
    static readonly Shape Envelopes = new Shape.Choice(["edifact", "x12"], AnyCase: true);
    static readonly Shape WhenToAnswer = new Shape.Choice(["no", "requested", "errors", "always", "yes", "never", "true", "false"], AnyCase: true);

    public static SettingTable Identity { get; } = new("identity",
        new("standard", "edifact or x12.", Envelopes, Required: true),
        new("id", "The id their interchanges carry as sender, in UNB or ISA.", Shape.AnyText, Required: true),
        new("qualifier", "The id's qualifier, compared without leading zeros. Left out, any matches.", Shape.AnyText));

    public static SettingTable Source { get; } = new("source",
        new("kind", "Where files come from: sftp, or folder for one on this machine.", Words<SourceKind>(), Required: true),
        new("path", "The folder that is read; for sftp on the server, for folder relative to Hub:Files or absolute.", Shape.AnyText, Required: true),
        new("pattern", "Files to take: * any text, ? one character. Default *.", Shape.AnyText),
        new("ignore", "Files to leave although they match. Default .*, *.filepart, *.part, *.tmp, *.writing.", new Shape.OneOrList(Shape.AnyText)),
        new("settle", "A file is whole when two listings this far apart show the same size and time. Default 10s.", Duration),
        new("require_trailer", "A file that starts an interchange and does not end it is not taken yet. Default yes.", Shape.Flag),
        new("incomplete_grace", "How long such a file may stay unchanged before it is taken as it is. Default 30m.", Duration),
        new("file_size_max", "A larger file is shown and left where it is. Default 2 GB.", Size),
        new("files_per_poll", "A poll that reaches it is followed by another at once. Default 200.", new Shape.Whole(1, 100_000)),
        new("after_read", "What becomes of a file whose contents are safely ours. Default move.", Words<AfterRead>()),
        new("move_to", "Folder for move, beside 'path' or absolute; {date} and {name} may stand in it. Default processed.", Shape.AnyText),
        new("operation_timeout", "Longest silence of the other side in a call. Default 60s.", Duration),
        new("alert_after_failures", "Polls that fail one after another before people are told. Default 3.", new Shape.Whole(1, 1_000)),
        new("valid_until", "The last day of our key or password there, such as 2027-03-31: people are told 30 and 3 days before.", new Shape.Text("[0-9]{4}-[0-9]{2}-[0-9]{2}")),
        new("parallel_downloads", "Files fetched at the same time, on one connection. Default 16.", new Shape.Whole(1, 64)),
        new("host", "sftp: the server's name or address.", Shape.AnyText),
        new("port", "sftp: default 22.", new Shape.Whole(1, 65_535)),
        new("user", "sftp: the name to sign in with.", Shape.AnyText),
        new("password", $"sftp: reference to a password, {Secrets.Form}.", Secret),
        new("private_key", $"sftp: reference to a private key, {Secrets.Form}.", Secret),
        new("passphrase", $"sftp: reference to the passphrase of the private key, {Secrets.Form}.", Secret),
        new("host_keys", "sftp: fingerprints of the server's key, SHA256:…, one or a list.", new Shape.OneOrList(new Shape.Text("SHA256:[A-Za-z0-9+/]{43}=*"))),
        new("known_hosts", "sftp: a file in OpenSSH's format, relative to this folder.", Shape.AnyText),
        new("insecure_accept_any_host_key", "sftp: yes trusts any server; for a laboratory. Default no.", Shape.Flag),
        new("connect_timeout", "sftp: longest time to connect and sign in. Default 15s.", Duration));

    public static SettingTable Route { get; } = new("route",
        new("files", "Files without an envelope that go to the map, by their names: '*.csv'. In place of standard, message and release.", Shape.AnyText),
        new("standard", "edifact or x12.", Envelopes),
        new("message", "The type of the message, such as ORDERS or '850'.", Shape.AnyText),
        new("release", "The release as the envelope names it, such as D.96A or '004010'. Left out, any matches.", Shape.AnyText),
        new("map", "The map that takes it.", new Shape.Known(KnownNames.Maps), Required: true),
        new("guide", "The guide it is checked with beyond its definition.", new Shape.Known(KnownNames.Guides)));

    public static SettingTable Send { get; } = new("send",
        new("map", "The map that writes it; its document is looked for in the seller's database.", new Shape.Known(KnownNames.Maps), Required: true),
        new("folder", "Where the files are put, beside 'path' or absolute.", Shape.AnyText, Required: true),
        new("sender", "Our id in UNB or ISA.", Shape.AnyText, Required: true),
        new("sender_qualifier", "Its qualifier, such as '14'.", Shape.AnyText),
        new("recipient", "Their id; left out, the first of their identities in the map's standard.", Shape.AnyText),
        new("recipient_qualifier", "Its qualifier.", Shape.AnyText),
        new("test", "yes: the interchanges say that they are tests. Default no.", Shape.Flag),
        new("first_number", "The first control number of a range that was agreed. Default 1.", new Shape.Whole(1, SendDefinition.NumberMax)),
        new("last_number", "The last of them. Default 999999999.", new Shape.Whole(1, SendDefinition.NumberMax)),
        new("rollover", "yes: control numbers start at the first again after the last. Default no: then nothing more is sent.", Shape.Flag),
        new("expect_ack", "The answer that is waited for: no (the default), technical (TA1, or CONTRL with action 8) or functional (CONTRL, 997, 999).",
            new Shape.Choice(["no", "technical", "functional", "yes", "true", "false"], AnyCase: true)),
        new("overdue_after", "How long after delivery its answer is overdue. Default 24h.", Duration),
        new("group_sender", "X12: GS02. Default the sender.", Shape.AnyText),
        new("group_recipient", "X12: GS03. Default the recipient.", Shape.AnyText),
        new("syntax", "UNB 0001 and 0002, such as UNOA:3 (default UNOC:3); ISA12, such as '00501' (default 00401).", Shape.AnyText),
        new("charset", "Character set in place of the one the syntax names, such as utf-8.", Shape.AnyText),
        new("characters", "What becomes of a character that the set does not have: reject (the default), transliterate or substitute.", Words<CharacterPolicy>()),
        new("line_breaks", "Behind every segment: none (the default), lf or crlf.", new Shape.Choice(["none", "lf", "crlf"], AnyCase: true)),
        new("una", "yes: UNA is always written. Default no: where the separators are not the usual ones.", Shape.Flag),
        new("separators", "Service characters that are not those of the standard.", new Shape.Section(() => Separators)));

    static readonly Shape Character = new Shape.Text("[!-~]|newline");

    public static SettingTable Separators { get; } = new("separators",
        new("element", "Between elements: + or *.", Character),
        new("component", "Between components: ':'.", Character),
        new("repetition", "Between repetitions: * or ^.", Character),
        new("release", "Before a separator that is data: '?'.", Character),
        new("terminator", "Behind a segment: ' or ~, or newline.", Character),
        new("decimal", "Mark of decimals, EDIFACT only: '.' or ','.", Character));

    public static SettingTable Contacts { get; } = new("contacts",
        new("mail", "E-mail addresses, one or a list, beside those of Hub:Alerts.", new Shape.OneOrList(Shape.AnyText)),
        new("level", "The least level they are told of: warn (the default) or page.", Words<AlertLevel>()));

    public static SettingTable Acknowledge { get; } = new("acknowledge",
        new("technical", "TA1: was the interchange received whole? no, requested (the default), errors or always.", WhenToAnswer),
        new("functional", "CONTRL, 997 or 999: is the syntax right? no, requested (the default), errors or always.", WhenToAnswer),
        new("business", "yes: APERAK or 824 for each document that the map or the seller's database refused. Default no.", Shape.Flag),
        new("accepted_loops", "yes: accepted messages are named too; otherwise they are only counted. Default no.", Shape.Flag),
        new("x12", "The set that answers groups: auto (999 from release 005010 on, 997 before; the default) or 997.", new Shape.Choice(["auto", "997"], AnyCase: true)),
        new("contrl", "The CONTRL of syntax 1 to 3. Default auto.", Words<ContrlVersion>()),
        new("error_codes", "Codes in CONTRL (0085): iso (the default) or early, the list before it.", Words<SyntaxErrorCodes>()),
        new("folder", "Where answers are put, beside 'path' or absolute. Default out.", Shape.AnyText));

    /// <summary>Ten years: longer than anybody keeps numbers.</summary>
    public const int WindowDaysMax = 3_650;

    public static SettingTable Duplicates { get; } = new("duplicates",
        new("window", "Days that control numbers are compared back. Default 30.", new Shape.Whole(1, WindowDaysMax)),
        new("check_content", "no: a file with the bytes of an earlier one is read all the same. Default yes.", Shape.Flag),
        new("check_interchange", "no: control numbers may be used again. Default yes.", Shape.Flag),
        new("on_conflict", "A control number that was used for other content: quarantine (the default) or hold.", Words<OnConflict>()),
        new("on_suspected", "A document with the content of a loaded one under another control number: skip (the default), hold or process.", Words<OnSuspected>()),
        new("on_document", "An original document whose number was loaded with other content: hold (the default) or process.", Words<OnDocument>()));

    public static SettingTable Leniency { get; } = new("leniency",
        [.. FixUp.All.Select(fixUp => new Setting(fixUp.Name, "A fault of form that is mended: accept (agreed), warn (told) or error (the message is refused).",
            new Shape.Choice(["accept", "warn", "error"], AnyCase: true)))]);

    public static SettingTable Retry { get; } = new("retry",
        new Setting("transient", "The waits before each repetition after a failure of network, disk or database. Default [1m, 2m, 5m, 15m, 30m, 1h].", new Shape.OneOrList(Duration)));

    public static SettingTable Hold { get; } = new("hold",
        new("when", "What holds a document: amount, price_change, new_item, duplicate or test.", new Shape.Choice(HoldReader.Words, AnyCase: true), Required: true),
        new("of", "The column that is looked at, such as orders.total_amount; for new_item the table.", Shape.AnyText),
        new("over", "amount: the largest sum that passes; price_change: the largest change, such as 10%; new_item: how many new rows pass, default 0.", new Shape.Text("[0-9]+([.][0-9]+)?%?")),
        new("times", "amount: a column of the same table that each row is multiplied with, such as qty.", Shape.AnyText),
        new("per", "amount: a column that each row is divided by, such as price_basis.", Shape.AnyText),
        new("currency", "amount: the column that says in what currency it is, such as orders.currency. Another than the partner's waits whatever the amount.", Shape.AnyText),
        new("against", "An xref of the target that has the seller's prices or items; left out, the table itself has them.", Shape.AnyText),
        new("key", "The columns whose values 'against' is asked with; without it what rows of the table are found by. Default the table's key.", new Shape.OneOrList(Shape.AnyText)));

    public static SettingTable Approver { get; } = new("approver",
        new("user", "The name they sign in with.", Shape.AnyText, Required: true),
        new("up_to", "The largest amount of a document they may approve. Default any.", new Shape.Text("[0-9]+([.][0-9]+)?")));

    public static SettingTable Approvals { get; } = new("approvals",
        new("needed", "How many of them must approve a document. Default 1.", new Shape.Whole(1, 20)),
        new("expires", "How long a document waits for them, such as 5d. Default for ever.", Duration),
        new("expired", "How it ends when nobody decided: cancelled (the file may be sent again; the default) or rejected.", Words<ExpiredHold>()),
        new("approvers", "Who may decide. Left out, everyone who may use the hub.", new Shape.List(new Shape.Section(() => Approver), 1)));

    public static SettingTable Retention { get; } = new("retention",
        new("payload_days", "How many days the bytes of their files and of our answers are kept. Default 180.", new Shape.Whole(1, 36_500)),
        new("metadata_days", "How many days the record of an exchange is kept. Default 730, or payload_days if that is more.", new Shape.Whole(1, 36_500)),
        new("legal_hold", "yes: nothing of theirs is deleted. Default no.", Shape.Flag));

    public static SettingTable Test { get; } = new("test",
        new Setting("schema", "The schema of the tables that are loaded while the partner is under test; 'hub target create TARGET --schema NAME' makes them.", new Shape.Text("[a-z_][a-z0-9_]*"), Required: true));

    public static SettingTable Sla { get; } = new("sla",
        new Setting("expected_every", "A file is expected at least this often; without one for longer, the partner is silent.", Duration));

    public static SettingTable Head { get; } = new("partner",
        new("hub", "The kind and version of the file.", new Shape.Choice([PartnerReader.Version]), Required: true),
        new("name", "The partner's name as people know it.", Shape.AnyText, Required: true),
        new("state", "draft is set up and not polled; test takes test interchanges only; live (the default); paused waits; retired no longer owns its ids.", Words<PartnerState>()),
        new("sample", "yes for the partners of the first start: they run only while no connection string is set.", Shape.Flag),
        new("test", "Where test interchanges are loaded while the state is test.", new Shape.Section(() => Test)),
        new("test_indicator", "Test interchanges of a live partner: refuse (the default) or accept.", Words<TestIndicator>()),
        new("sequence", "Control numbers that are left out: off (the default) or warn.", Words<SequenceCheck>()),
        new("sla", "When files are expected.", new Shape.Section(() => Sla)),
        new("currency", "Three letters of ISO 4217; what $partner.currency gives in maps.", new Shape.Text("[A-Z]{3}")),
        new("gln", "The partner's GLN; what $partner.gln gives in maps.", new Shape.Text("[0-9]{13}")),
        new("own_gln", "Our GLN towards this partner; what $partner.own_gln gives in maps.", new Shape.Text("[0-9]{13}")),
        new("charset", "Character set to read with in place of the one the interchange declares, such as ISO-8859-1.", Shape.AnyText),
        new("schedule", "When to poll: cron with five fields, or six with seconds first, in UTC. Default '*/5 * * * *'.", Shape.AnyText),
        new("identities", "The ids their interchanges carry as sender; a partner who sends files without an envelope only needs none.", new Shape.List(new Shape.Section(() => Identity), 1)),
        new("source", "Where the partner's files are read from.", new Shape.Section(() => Source), Required: true),
        new("messages", "Which map takes which message.", new Shape.List(new Shape.Section(() => Route), 1), Required: true),
        new("send", "Documents of the seller's that they are sent.", new Shape.List(new Shape.Section(() => Send), 1)),
        new("contacts", "Who on our side is told of their alerts.", new Shape.Section(() => Contacts)),
        new("acknowledge", "Which answers they get.", new Shape.Section(() => Acknowledge)),
        new("hold", "When a document waits for people before it is loaded.", new Shape.List(new Shape.Section(() => Hold), 1)),
        new("approvals", "Who decides what is held.", new Shape.Section(() => Approvals)),
        new("pii", "Segments, elements or columns of files with data of persons: findings do not quote them. Such as [CTA, COM].", new Shape.OneOrList(Shape.AnyText)),
        new("retention", "How long what they sent is kept.", new Shape.Section(() => Retention)),
        new("duplicates", "What counts as having come before, and what is done then.", new Shape.Section(() => Duplicates)),
        new("leniency", "Faults of form that are judged otherwise than by default.", new Shape.Section(() => Leniency)),
        new("retry", "Repetitions after failures that are not the partner's.", new Shape.Section(() => Retry)));

    static Shape.Choice Words<T>()
        where T : struct, Enum => new([.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())], AnyCase: true);
}
