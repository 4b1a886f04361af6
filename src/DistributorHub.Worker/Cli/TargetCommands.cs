using System.CommandLine;
using DistributorHub.Mapping;
using DistributorHub.Mapping.Targets;
using DistributorHub.Worker.Load;

namespace DistributorHub.Worker.Cli;

/// <summary><c>hub target create | check | pull</c>: the seller's tables and the file that describes them.</summary>
static class TargetCommands
{
    public static Command Create() => new("target", "The seller's tables.") { CreateTables(), Check(), Pull() };

    static Command CreateTables()
    {
        var id = Inputs.Target();
        var print = Inputs.Flag("--print", "Print the statements that make what is missing; run nothing.");
        var grants = Inputs.Text("--grants", "Also print the least rights this role of the database needs.");
        var schema = Inputs.Text("--schema", "Make the tables in this schema, for tests: see 'test' in partner.yaml. In SQLite their names start with it.");
        var command = new Command("create", "Makes the tables that are missing, and hub_inbox.") { id, print, grants, schema };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = Commands.Settings();
            using var seller = Seller(settings);
            if (Read(settings, parsed.GetValue(id)!) is not { } target)
                return ExitCode.Findings;
            if (parsed.GetValue(schema) is { } shadow)
                target = ShadowSeller.Shadow(target, shadow);
            if (parsed.GetValue(print))
                foreach (var statement in await TargetTables.Missing(seller, target, cancellation))
                    Console.WriteLine(statement + ";");
            else
            {
                await TargetTables.Apply(seller, target, cancellation);
                Console.WriteLine($"The tables of target {target.Id} are there: {string.Join(", ", target.Tables.Select(table => table.Physical))}, hub_inbox.");
            }
            if (parsed.GetValue(grants) is { } role)
                foreach (var grant in TargetTables.Grants(target, role))
                    Console.WriteLine(grant + ";");
            return ExitCode.Fine;
        });
        return command;
    }

    static Command Check()
    {
        var id = Inputs.Target();
        var command = new Command("check", "Compares the target file with the seller's database and says what differs.") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = Commands.Settings();
            using var seller = Seller(settings);
            if (Read(settings, parsed.GetValue(id)!) is not { } target)
                return ExitCode.Findings;
            var differences = await TargetCheck.Compare(seller, target, cancellation);
            foreach (var difference in differences)
                Console.WriteLine(difference);
            foreach (var remark in await TargetCheck.Remarks(seller, target, cancellation))
                Console.WriteLine($"Good to know: {remark}");
            Console.WriteLine($"Target {target.Id}: {target.Tables.Count} table(s){(target.Xrefs.Count > 0 ? $", {target.Xrefs.Count} xref(s)" : "")}, {differences.Count} difference(s).");
            return differences.Count > 0 ? ExitCode.Findings : ExitCode.Fine;
        });
        return command;
    }

    static Command Pull()
    {
        var id = Inputs.NewTarget();
        var tables = new Argument<string[]>("table") { Description = "Tables such as sales.purchase_order; none = all.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("pull", "Drafts a target file from the seller's existing tables and prints it.") { id, tables };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = Commands.Settings();
            using var seller = Seller(settings);
            var missing = await TargetPull.Missing(seller, parsed.GetValue(tables)!, cancellation);
            if (missing.Count > 0)
                return Commands.Refuse(string.Join(Environment.NewLine, missing.Select(table => $"There is no table '{table}' in the seller's database.")));
            Console.Write(await TargetPull.Draft(seller, parsed.GetValue(id)!, parsed.GetValue(tables)!, cancellation));
            return ExitCode.Fine;
        });
        return command;
    }

    static Database Seller(HubSettings settings)
    {
        // The embedded database is a file in this folder.
        settings.MakeData();
        return Hub.OpenSeller(settings);
    }

    static TargetDefinition? Read(HubSettings settings, string id)
    {
        var diagnostics = new List<Diagnostic>();
        var target = MapFolder.Open(settings.Mappings, DefinitionFolder.Open(settings)).Target(id, diagnostics);
        foreach (var diagnostic in diagnostics)
            Console.Error.WriteLine(diagnostic);
        return target;
    }
}
