using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using DistributorHub.Mapping;
using DistributorHub.Worker.Access;
using DistributorHub.Worker.Golden;
using DistributorHub.Worker.Ledger;
using DistributorHub.Worker.Partners;

namespace DistributorHub.Worker.Cli;

/// <summary>
/// What the verbs take. All of it is decided here, before a verb starts: a value that is none, and a name of something that is not there, are
/// wrong usage of every verb alike. What only a database knows is asked by the verb itself, and refused by <see cref="Commands.Refuse"/>.
/// </summary>
static partial class Inputs
{
    /// <summary>A switch: it is there or it is not, and takes no value.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<bool> Json() => Flag("--json", "Print JSON for scripts.");

    /// <summary>A text that is not empty.</summary>
    public static Option<string?> Text(string name, string description) => Check(new Option<string?>(name) { Description = description }, _ => null);

    /// <param name="name">Name of the option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="mistake">What is wrong with a value, as a sentence; null when nothing is.</param>
    public static Option<string?> Text(string name, string description, Func<string, string?> mistake) =>
        Check(new Option<string?>(name) { Description = description }, mistake);

    /// <param name="name">Name of the option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="standard">The number when the option is not given.</param>
    public static Option<int> Count(string name, string description, int standard) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = result => Parse<int>(
            result, text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and < int.MaxValue ? count : null,
            text => $"{name} takes a whole number from 1, not '{text}'.") ?? standard,
    };

    /// <summary>A table, and perhaps one row of it.</summary>
    public static Option<(string Table, long Row)?> Row() => new("--row")
    {
        Description = "Only this row, such as order_lines:2 (the second of its message), or all of a table: order_lines.",
        CustomParser = result => Parse<(string, long)>(
            result, text => text.Split(':') switch
            {
                [{ Length: > 0 } table] => (table, 0),
                [{ Length: > 0 } table, var number] when long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var row) && row > 0 => (table, row),
                _ => null,
            },
            text => $"--row takes a table and the number of a row, such as order_lines:2, not '{text}'."),
    };

    public static Option<string?> Column() => Text("--column", "Only this column; conditions are called where and check.name.");

    /// <summary>A state of exchanges, or stuck.</summary>
    public static Option<string?> State(string name, string description) => Text(
        name, description, text => IsStuck(text) || Enum.GetNames<ExchangeState>().Contains(text, StringComparer.OrdinalIgnoreCase) ? null
            : NoSuch("state", text, [.. Enum.GetNames<ExchangeState>(), Stuck]));

    /// <summary>True for the word that is no state of the ledger: see <see cref="StuckWork"/>.</summary>
    public static bool IsStuck(string state) => state.Equals(Stuck, StringComparison.OrdinalIgnoreCase);

    const string Stuck = "stuck";

    /// <summary>One of the names of <typeparamref name="T"/>.</summary>
    /// <param name="name">Name of the option.</param>
    /// <param name="description">What it does.</param>
    /// <param name="what">What the names are of.</param>
    public static Option<T?> Named<T>(string name, string description, string what)
        where T : struct, Enum => new(name)
        {
            Description = description,
            CustomParser = result => Parse<T>(
                result, text => Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true) : null,
                text => NoSuch(what, text, Enum.GetNames<T>())),
        };

    /// <summary>What an account or a token may do.</summary>
    public static Option<Role?> Role()
    {
        var role = Named<Role>("--role", $"What it may do: {string.Join(", ", Enum.GetNames<Role>())}. Each includes those before it.", "role");
        role.Required = true;
        return role;
    }

    /// <summary>A time in days, such as 90d.</summary>
    public static Option<int> Days(string name, string description, int most) => new(name)
    {
        Description = description,
        Required = true,
        CustomParser = result => Parse<int>(
            result, text => text.EndsWith('d') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days > 0 && days <= most ? days : null,
            text => $"{name} takes days, such as 90d, at most {most}d, not '{text}'.") ?? 0,
    };

    /// <param name="name">Name of the argument.</param>
    /// <param name="description">What it is.</param>
    /// <param name="mistake">What is wrong with a value, as a sentence; null when nothing is.</param>
    public static Argument<string> Named(string name, string description, Func<string, string?> mistake) =>
        Check(new Argument<string>(name) { Description = description }, mistake);

    public static Argument<long> Exchange() => new("id")
    {
        Description = "Number of the exchange.",
        CustomParser = result => Parse<long>(
            result, text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null,
            text => $"'{text}' is not the number of an exchange.") ?? 0,
    };

    public static Argument<FileInfo> File(string name, string description)
    {
        var file = new Argument<FileInfo>(name)
        {
            Description = description,
            // An empty name is no path, which the usual parser would say in words of its own.
            CustomParser = result => result.Tokens[0].Value is { Length: > 0 } path ? new(path) : null,
        };
        return Check(file, path => System.IO.File.Exists(path) ? null : $"There is no file '{path}'.");
    }

    /// <summary>One file or more.</summary>
    public static Argument<FileInfo[]> Files(string name, string description)
    {
        var files = new Argument<FileInfo[]>(name)
        {
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. result.Tokens.Where(token => token.Value.Length > 0).Select(token => new FileInfo(token.Value))],
        };
        return Check(files, path => System.IO.File.Exists(path) ? null : $"There is no file '{path}'.");
    }

    /// <summary>One file or more, as an option.</summary>
    public static Option<FileInfo[]> FilesOption(string name, string description)
    {
        var files = new Option<FileInfo[]>(name)
        {
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
            Required = true,
            CustomParser = result => [.. result.Tokens.Where(token => token.Value.Length > 0).Select(token => new FileInfo(token.Value))],
        };
        files.Validators.Add(result => AddMistakes(result, path => System.IO.File.Exists(path) ? null : $"There is no file '{path}'."));
        return files;
    }

    /// <summary>A target that a map writes to, as an option.</summary>
    public static Option<string?> TargetOption(string name, string description)
    {
        var target = Text(name, description, id => NoneOf("target", id, Library().Targets()));
        target.Required = true;
        return target;
    }

    /// <summary>The id of a partner that is not there yet.</summary>
    public static Option<string?> NewPartner(string name, string description) => Text(
        name, description, id => PartnerIdForm().IsMatch(id) ? null : $"'{id}' cannot be the id of a partner: write lower-case letters, digits and hyphens.");

    /// <summary>Name of a golden test that is to be made.</summary>
    public static Option<string?> TestName(string name, string description) => Text(
        name, description, id => IdForm().IsMatch(id) ? null : $"'{id}' cannot be the name of a test: write lower-case letters, digits, hyphens and underscores.");

    /// <summary>A partner to act for. The samples are among them only where they run.</summary>
    public static Argument<string> Partner() => Check(
        new Argument<string>("partner") { Description = "Id of the partner." }, id => NoPartner(id, Commands.Settings(), samples: false));

    /// <param name="description">What it does.</param>
    /// <param name="samples">True where a sample partner will always do: nothing is received or sent.</param>
    public static Option<string?> PartnerOption(string description, bool samples) =>
        Text("--partner", description, id => NoPartner(id, Commands.Settings(), samples));

    public static Argument<string> Target() => Check(
        new Argument<string>("target") { Description = "Id such as shop = mappings/targets/shop.target.yaml." }, id => NoneOf("target", id, Library().Targets()));

    /// <summary>The id of a target that need not be there yet.</summary>
    public static Argument<string> NewTarget() => Check(
        new Argument<string>("target") { Description = "Id of the target to draft." },
        id => IdForm().IsMatch(id) ? null : $"'{id}' cannot be the id of a target: write lower-case letters, digits, hyphens and underscores.");

    public static Option<string?> Map(string name, string description) => Text(name, description, NoMap);

    public static Argument<string> OneMap(string name, string description) => Check(new Argument<string>(name) { Description = description }, NoMap);
    /// <summary>A map that writes.</summary>
    public static Argument<string> WriteMap(string name, string description) => Check(
        new Argument<string>(name) { Description = description },
        id => NoMap(id) ?? (Library().Writes(id) ? null : $"Map {id} reads messages, and writes none."));

    /// <summary>Maps and guides, none or more.</summary>
    public static Argument<string[]> MapsAndGuides(string name, string description) => Check(
        new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.ZeroOrMore },
        id => MapFolder.IsGuide(id) ? NoneOf("guide", id, Library().Guides()) : NoMap(id));

    /// <summary>Golden tests, by the map they are of or by their own names.</summary>
    public static Argument<string[]> MapsAndTests(string name, string description) => Check(
        new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.ZeroOrMore },
        id => Library().Maps() is var maps && maps.Contains(id) ? null
            : NoneOf("map or golden test", id, [.. maps, .. GoldenTests.Find(Commands.Settings().Mappings).Select(test => test.Name)]));

    /// <summary>A file to write, in a folder that is there.</summary>
    public static Option<string?> NewFile(string name, string description) => Text(name, description, path =>
        Directory.Exists(path) ? $"'{path}' is a folder."
        : Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && Directory.Exists(folder) ? null : $"There is no folder for '{path}'.");

    /// <summary>A guide by its id or its file.</summary>
    public static Option<string?> Guide(string name, string description) => Text(name, description, named =>
    {
        var library = Library();
        var id = MapFolder.GuideId(Commands.Settings().Mappings, named);
        return library.HasGuide(id) ? null : NoSuch("guide", named, library.Guides());
    });

    /// <summary>That there is none of this name, and what there is.</summary>
    public static string NoSuch(string kind, string name, IReadOnlyCollection<string> known)
    {
        var hint = known.Count == 0 ? ""
            : Nearest.Find(name, known) is { } near ? $" Did you mean {near}?"
            : $" There are: {string.Join(", ", known.Take(NamedMax))}{(known.Count > NamedMax ? ", …" : "")}.";
        return $"There is no {kind} '{name}'.{hint}";
    }

    /// <summary>Why there is no such partner; null when there is one, with mistakes in its file or without.</summary>
    public static string? NoPartner(string id, HubSettings settings, bool samples)
    {
        var book = PartnerBook.Load(settings.Mappings, samples || settings.Embedded);
        return NoneOf("partner", id, [.. book.Partners.Select(partner => partner.Id).Concat(book.Broken).Order(StringComparer.Ordinal)]);
    }

    const int NamedMax = 12;

    static string? NoMap(string id) => NoneOf("map", id, Library().Maps());

    static string? NoneOf(string kind, string name, IReadOnlyCollection<string> known) => known.Contains(name) ? null : NoSuch(kind, name, known);

    static MapLibrary Library()
    {
        var settings = Commands.Settings();
        return MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings));
    }

    // The parsed value of an option that has a mistake throws when it is asked for, so that tokens are looked at.
    static Option<string?> Check(Option<string?> option, Func<string, string?> mistake)
    {
        option.Validators.Add(result => AddMistakes(
            result, text => string.IsNullOrWhiteSpace(text) ? $"{option.Name} needs a value." : mistake(text)));
        return option;
    }

    static Argument<T> Check<T>(Argument<T> argument, Func<string, string?> mistake)
    {
        argument.Validators.Add(result => AddMistakes(result, mistake));
        return argument;
    }

    static void AddMistakes(SymbolResult result, Func<string, string?> mistake)
    {
        foreach (var token in result.Tokens)
            if (mistake(token.Value) is { } sentence)
                result.AddError(sentence);
    }

    static T? Parse<T>(ArgumentResult result, Func<string, T?> parse, Func<string, string> mistake)
        where T : struct
    {
        var text = result.Tokens[0].Value;
        var value = parse(text);
        if (value is null)
            result.AddError(mistake(text));
        return value;
    }

    [GeneratedRegex("^[a-z0-9]+([-_][a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex IdForm();

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PartnerIdForm();
}
