using System.Net.Mail;
using System.Text;
using System.Text.RegularExpressions;
using Cronos;
using DistributorHub.Edi.Acknowledge;
using DistributorHub.Edi.Parse;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Run;
using DistributorHub.Mapping.Yaml;

namespace DistributorHub.Worker.Partners;

/// <summary>
/// Reads a <c>partner.yaml</c>. Its settings, defaults and units are described in <c>mappings/partners/README.md</c>; its mistakes
/// are PTN1xxx: 1001 missing, 1002 unknown, 1003 wrong shape, 1004 value not understood, 1005 secret in plain text,
/// 1006 server's identity not pinned, 1007 setting of the other kind of source, 1008 identity held twice, 1009 bad folder name,
/// 1010 no way to sign in, 1011 unsafe path, 1012 guide of another message than the map, 1013 map of another message than the agreement, or of another direction, 1014 no such map or guide, 1015 document that cannot be sent, 1016 hold rule that no map of the partner fits.
/// </summary>
static partial class PartnerReader
{
    public const string Version = "partner/1";

    /// <summary>The partner, or null after diagnostics that name every mistake of the file.</summary>
    /// <param name="file">Name for diagnostics.</param>
    /// <param name="folder">Where the file stands, and the files it names by a relative path.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="id">Name of the folder the file stands in.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    /// <param name="draft">What could be read, mistakes or not: the maps it names are checked all the same. Null when the file is no YAML.</param>
    public static PartnerDefinition? Read(
        string file, string folder, string text, string id, ICollection<Diagnostic> diagnostics, out PartnerDefinition? draft)
    {
        var mistakes = new List<Diagnostic>();
        draft = YamlFile.Read(file, text, mistakes) is { } map ? Read(new Section(file, folder, "the file", map, PartnerSettings.Head, mistakes), id) : null;
        foreach (var mistake in mistakes)
            diagnostics.Add(mistake);
        return mistakes.Exists(mistake => !mistake.Warning) ? null : draft;
    }

    static PartnerDefinition Read(Section file, string id)
    {
        if (!IdForm().IsMatch(id))
            file.Report(file.Map, "PTN1009", $"The folder's name '{id}' is the partner's id.", "use lower-case letters, digits and hyphens");
        if (file.Required("hub", $"the kind and version of the file, '{Version}'") is { Length: > 0 } version && version != Version)
            file.Report(file.Map.Find("hub")!, "PTN1004", $"This is a '{version}' file.", $"a partner file starts with 'hub: {Version}'");
        var defaults = new PartnerDefinition { Id = id, Name = id, Identities = [], Source = Nowhere, Routes = [] };
        var partner = defaults with
        {
            Name = file.Required("name", "the partner's name as people know it"),
            // A state that is not understood was not written to keep the partner running.
            State = file.Has("state") ? file.Choice("state", PartnerState.Paused) : defaults.State,
            TestSchema = TestSchema(file),
            TestIndicator = file.Choice("test_indicator", defaults.TestIndicator),
            Sequence = file.Choice("sequence", defaults.Sequence),
            ExpectedEvery = ExpectedEvery(file),
            Sample = file.Flag("sample", defaults.Sample),
            Currency = Currency(file),
            Gln = Gln(file, "gln"),
            OwnGln = Gln(file, "own_gln"),
            Reading = new() { Charset = Charset(file), Leniency = file.Child("leniency") is { } leniency ? LeniencyReader.Read(leniency) : Leniency.Default },
            Schedule = Schedule(file, defaults.Schedule),
            Identities = Identities(file),
            Source = file.Child("source") is { } source ? SourceReader.Read(source) : NoSource(file),
            Routes = Routes(file),
            Sends = SendReader.Read(file),
            Contacts = file.Child("contacts") is { } contacts ? ReadContacts(contacts) : defaults.Contacts,
            Acknowledge = file.Child("acknowledge") is { } acknowledge ? Acknowledge(acknowledge) : defaults.Acknowledge,
            Duplicates = file.Child("duplicates") is { } duplicates ? Duplicates(duplicates) : defaults.Duplicates,
            TransientRetries = Retries(file) ?? defaults.TransientRetries,
            Personal = file.Texts("pii")?.Select(name => name.Text).ToArray() ?? [],
            Retention = file.Child("retention") is { } retention ? RetentionPolicy.Read(retention) : defaults.Retention,
        };
        partner = partner with { Holds = HoldReader.Rules(file, partner.Currency) };
        if (file.Child("approvals") is { } approvals)
            partner = partner with { Approvals = HoldReader.Approvals(approvals, partner.Holds) };
        file.Finish();
        return partner;
    }

    static SourceDefinition Nowhere => new() { Kind = SourceKind.Folder, Path = "" };

    static SourceDefinition NoSource(Section file)
    {
        file.Report(file.Map, "PTN1001", "The file has no 'source': where the partner's files are read from.");
        return Nowhere;
    }

    static string? TestSchema(Section file)
    {
        if (file.Child("test") is not { } test)
            return null;
        var schema = test.Required("schema", "the schema of the tables that are loaded while they are under test");
        if (schema.Length > 0 && !NameForm().IsMatch(schema))
            test.Report(test.Map.Find("schema")!, "PTN1004", $"'schema' is '{schema}'.", "write a name of small letters, digits and '_', such as hub_test");
        test.Finish();
        return schema.Length == 0 ? null : schema;
    }

    static TimeSpan? ExpectedEvery(Section file)
    {
        if (file.Child("sla") is not { } sla)
            return null;
        var every = sla.Has("expected_every") ? sla.Duration("expected_every", TimeSpan.FromDays(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(366)) : (TimeSpan?)null;
        sla.Finish();
        return every;
    }

    static string? Currency(Section file)
    {
        if (file.Scalar("currency") is not { } currency)
            return null;
        if (currency.Text.Length == 3 && currency.Text.All(char.IsAsciiLetterUpper))
            return currency.Text;
        file.Report(currency, "PTN1004", $"'currency' is '{currency.Text}'.", "write the three letters of ISO 4217, such as EUR");
        return null;
    }

    static string? Gln(Section file, string setting)
    {
        if (file.Scalar(setting) is not { } gln)
            return null;
        if (CheckDigits.IsGln(Encoding.UTF8.GetBytes(gln.Text)))
            return gln.Text;
        file.Report(gln, "PTN1004", $"'{setting}' is '{gln.Text}'.", "a GLN has 13 digits, of which the last follows from the others");
        return null;
    }

    static string? Charset(Section file)
    {
        if (file.Scalar("charset") is not { } charset)
            return null;
        if (CharacterSets.IsKnown(charset.Text))
            return charset.Text;
        file.Report(charset, "PTN1004", $"'charset' is '{charset.Text}', which cannot be read here.", "write utf-8, or a set of one byte a character such as ISO-8859-1");
        return null;
    }

    static string Schedule(Section file, string fallback)
    {
        if (file.Scalar("schedule") is not { } schedule)
            return fallback;
        var fields = schedule.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Length;
        if (CronExpression.TryParse(schedule.Text, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard, out _))
            return schedule.Text;
        file.Report(schedule, "PTN1004", $"'schedule' is '{schedule.Text}', which is no cron expression.",
            "write five fields, minute hour day month weekday, such as '*/5 * * * *', or six with seconds first; the times are UTC");
        return fallback;
    }

    static List<PartnerIdentity> Identities(Section file)
    {
        var identities = new List<PartnerIdentity>();
        // Who sends nothing but files without an envelope is known by the folder they come through.
        if (!file.Has("identities") && file.Map.Find("messages") is YamlList list && list.Items.All(item => item is YamlMap route && route.Find("files") is not null))
            return identities;
        foreach (var entry in file.Sections("identities", "the ids their interchanges carry as sender"))
        {
            var identity = new PartnerIdentity(
                StandardOf(entry), entry.Required("id", "the sender's id in UNB or ISA").Trim(), entry.Text("qualifier")?.Trim() ?? "");
            if (identities.Exists(other => Identification.Overlap(other, identity)))
                entry.Report(entry.Map, "PTN1008", $"{Identification.Describe(identity)} stands here twice.", "remove one of them");
            identities.Add(identity);
            entry.Finish();
        }
        return identities;
    }

    static List<RouteDefinition> Routes(Section file)
    {
        var routes = new List<RouteDefinition>();
        foreach (var entry in file.Sections("messages", "which map takes which message"))
        {
            var before = entry.Mistakes;
            if (entry.Has("files"))
            {
                var files = new RouteDefinition(default, "", "", entry.Required("map", "the id of a map, such as base/pricelist-csv")) { Files = entry.Required("files", "their names, such as '*.csv'") };
                if (routes.Exists(other => other.Files.Length > 0 && other.Files == files.Files))
                    entry.Report(entry.Map, "PTN1008", $"Files '{files.Files}' have a map already.", "one file goes to one map");
                entry.Finish();
                routes.Add(files with { IsWhole = entry.Mistakes == before });
                continue;
            }
            var route = new RouteDefinition(
                StandardOf(entry), entry.Required("message", "its type, such as ORDERS or 850"), entry.Text("release") ?? "",
                entry.Required("map", "the id of a map, such as base/orders-edifact"), entry.Text("guide") ?? "");
            if (routes.Exists(other => (other.Standard, other.Message, other.Release) == (route.Standard, route.Message, route.Release)))
                entry.Report(entry.Map, "PTN1008", $"{route.Message} {route.Release} has a map already.", "one message goes to one map");
            entry.Finish();
            routes.Add(route with { IsWhole = entry.Mistakes == before });
        }
        return routes;
    }

    static Standard StandardOf(Section entry)
    {
        if (!entry.Has("standard"))
            entry.Report(entry.Map, "PTN1001", "'standard' is missing here.", "write edifact or x12");
        if (entry.Scalar("standard") is { Text: var text } scalar && text.ToLowerInvariant() is "csv" or "xml")
        {
            entry.Report(scalar, "PTN1004", $"'{text}' files have no envelope that says what they are.", "name the files instead: { files: '*.csv', map: … }");
            return Standard.Edifact;
        }
        return entry.Choice("standard", Standard.Edifact);
    }

    static Contacts ReadContacts(Section section)
    {
        var mail = section.Texts("mail") ?? [];
        foreach (var address in mail)
            if (!MailAddress.TryCreate(address.Text, out _))
                section.Report(address, "PTN1004", $"'{address.Text}' is no e-mail address.");
        var contacts = new Contacts { Mail = [.. mail.Select(address => address.Text)], Level = section.Choice("level", AlertLevel.Warn) };
        section.Finish();
        return contacts;
    }

    static AcknowledgePolicy Acknowledge(Section section)
    {
        var defaults = new AcknowledgePolicy();
        var answers = defaults.Answers;
        var policy = new AcknowledgePolicy
        {
            Answers = new()
            {
                Technical = When(section, "technical") ?? answers.Technical,
                Functional = When(section, "functional") ?? answers.Functional,
                Business = section.Flag("business", answers.Business),
                AcceptedLoops = section.Flag("accepted_loops", answers.AcceptedLoops),
                X12 = section.Value<GroupAnswer>("x12", "auto (999 from release 005010 on, else 997) or 997", text => text.ToLowerInvariant() switch
                {
                    "auto" => GroupAnswer.Auto,
                    "997" => GroupAnswer.Only997,
                    _ => null,
                }) ?? answers.X12,
                Contrl = section.Choice("contrl", answers.Contrl),
                ErrorCodes = section.Choice("error_codes", answers.ErrorCodes),
            },
            Folder = SourceReader.SafePath(section, "folder") ?? defaults.Folder,
        };
        section.Finish();
        return policy;
    }

    static DuplicatePolicy Duplicates(Section section)
    {
        var defaults = new DuplicatePolicy();
        var policy = new DuplicatePolicy
        {
            Window = TimeSpan.FromDays(section.Number("window", (int)defaults.Window.TotalDays, 1, PartnerSettings.WindowDaysMax)),
            CheckContent = section.Flag("check_content", defaults.CheckContent),
            CheckInterchange = section.Flag("check_interchange", defaults.CheckInterchange),
            OnConflict = section.Choice("on_conflict", defaults.OnConflict),
            OnSuspected = section.Choice("on_suspected", defaults.OnSuspected),
            OnDocument = section.Choice("on_document", defaults.OnDocument),
        };
        section.Finish();
        return policy;
    }

    static Answering? When(Section section, string key) => section.Value<Answering>(
        key, "no, requested, errors or always (yes is always)", text => text.ToLowerInvariant() switch
        {
            "no" or "false" or "never" => Answering.Never,
            "requested" => Answering.Requested,
            "errors" => Answering.Errors,
            "yes" or "true" or "always" => Answering.Always,
            _ => null,
        });

    static TimeSpan[]? Retries(Section file)
    {
        if (file.Child("retry") is not { } retry)
            return null;
        var waits = retry.Texts("transient");
        retry.Finish();
        if (waits is null)
            return null;
        foreach (var wait in waits)
            if (Measures.ParseDuration(wait.Text) is null)
                retry.Report(wait, "PTN1004", $"'{wait.Text}' is no duration.", $"write {Measures.DurationForm}");
        return [.. waits.Select(wait => Measures.ParseDuration(wait.Text) ?? TimeSpan.Zero)];
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex IdForm();

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NameForm();
}
