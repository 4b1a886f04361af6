using System.CommandLine;
using DistributorHub.Faults;

var rounds = new Option<int>("--rounds") { Description = "Rounds in all; the faults take turns.", DefaultValueFactory = _ => Fault.All.Count };
var seed = new Option<int>("--seed") { Description = "Makes the same throws again.", DefaultValueFactory = _ => Environment.TickCount };
var fault = new Option<string[]>("--fault") { Description = "Only faults whose names start with this; may stand several times." };
var minutes = new Option<double>("--minutes") { Description = "No new round after so many minutes.", DefaultValueFactory = _ => double.MaxValue };
var lanes = new Option<int>("--lanes") { Description = "Installations side by side.", DefaultValueFactory = _ => 3 };
var broken = new Option<Break?>("--break") { Description = "Removes a protection first, so that the table must turn red: inbox, fence or size." };

var program = new Option<string>("--program") { Description = "The hub to run; one that is published for the machine starts faster.", DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "hub") };

var run = new Command("run", "Runs rounds and prints the table; 1 when anything was lost, doubled or wrong.") { rounds, seed, fault, minutes, lanes, broken, program };
run.SetAction(async (parsed, cancellation) => await new Runner(parsed.GetValue(seed), parsed.GetValue(lanes), parsed.GetValue(program)!, parsed.GetValue(broken), Console.Out)
    .Run(Choose(parsed.GetValue(fault)), parsed.GetValue(rounds), Math.Min(parsed.GetValue(minutes), TimeSpan.FromDays(30).TotalMinutes), cancellation) ? 0 : 1);

var list = new Command("list", "Names the faults.");
list.SetAction(_ => Console.WriteLine(string.Join('\n', Fault.All.Select(one => one.Name))));

return await new RootCommand("Faults against a running hub: nothing lost, nothing twice.") { run, list }.Parse(args).InvokeAsync();

static IReadOnlyList<Fault> Choose(string[]? prefixes) =>
    prefixes is not { Length: > 0 } ? Fault.All : [.. Fault.All.Where(one => prefixes.Any(prefix => one.Name.StartsWith(prefix, StringComparison.Ordinal)))];
