/** Commands over the ledger: import, actuals, what it holds, budgets, and the log of changes. */
import { IMPORT_MEMBERS } from "@farthing/answers";
import { type Command, Option } from "commander";
import { common, list, type Outcome, OUTPUT, withMembers } from "./command-options.ts";

export function addImport(root: Command, outcome: Outcome): void {
	withMembers(common(root.command("import [files...]")), IMPORT_MEMBERS)
		.description("bench results, traces, bills, logs and metrics into the ledger; the format is found by itself")
		.option("--scrapes", "the two files are scrapes of one target, before and after")
		.option("--duration <time>", "time between the two scrapes")
		.option("--prometheus <url>", "instead of files: a window of this server, with --from and --to")
		.option("--step <time>", "length of one record of that window, 1 h unless given")
		.option("--match <labels>", 'only series with these labels, such as cluster="a"')
		.option("--min-coverage <share>", "end with exit code 4 below this coverage")
		.option("--quarantine <file>", "where to write what could not be read")
		.option("--store <file|url>", "the ledger to write to, .farthing/ledger.duckdb unless given")
		.option("--no-store", "read and account only, write nothing to a ledger")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing import run.json --gpus 8\n  farthing import --scrapes before.prom after.prom --duration 405.18s\n  farthing import spend-logs.json bill.csv.gz --json",
		)
		.action(async (files: string[], flags) => {
			outcome.exitCode = await (await import("./commands/import.ts")).runImport(files, flags);
		});
}

/** What decides the cost of a window of the ledger. */
export function ledgerOptions(command: Command): Command {
	return command
		.addOption(
			new Option("--basis <which>", "who holds, who works, or what one more request costs")
				.choices(["reserved", "busy", "marginal"])
				.default("reserved"),
		)
		.option("--bill <files>", "this bill instead of those in the ledger", list)
		.addOption(
			new Option("--cost <column>", "commitments spread over what they cover, or as invoiced")
				.choices(["effective", "billed"])
				.default("effective"),
		)
		.addOption(
			new Option("--currency <code>", "currency of the answer")
				.choices(["USD", "EUR", "GBP", "CNY", "JPY"])
				.default("USD"),
		)
		.option("--rates <file>", "exchange rates: day,from,to,rate,source")
		.option("--plan <files>", "results of farthing plan, one a model, to compare with", list)
		.option("--calibration <files>", "saturated benchmarks, to fit the law of GPU time", list)
		.option("--pue <ratio>", "facility energy over IT energy")
		.option("--region <name>", "grid, to count carbon: a country (USA) or cloud region (us-east4)")
		.option("--store <file|url>", "the ledger, .farthing/ledger.duckdb unless given");
}

export function addActuals(root: Command): void {
	ledgerOptions(common(root.command("actuals")))
		.description("what a window cost by model, team, user, key or request; reconciled to the bill, against plan")
		.option("--window <time>", "30d or 36h up to the last day served, 2026-10, or FROM..TO", "30d")
		.option("--by <dimensions>", "model, deployment, org, team, user, key, request; comma-separated", list)
		.option("--top <n>", "by request: how many of the dearest to show, at most 10,000", "100")
		.option("--export <kinds>", "write focus, litellm, rules, dashboard or requests; comma-separated", list)
		.option("--into <folder>", "where to", "out")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing actuals --window 2026-10 --by model,team --basis busy --rates rates.csv\n  farthing actuals --window 30d --bill focus.csv --plan plan.json --json",
		)
		.action(async (flags) => (await import("./commands/actuals.ts")).runActuals(flags));
}

export function addLedger(root: Command): void {
	const ledger = root
		.command("ledger")
		.description("what the ledger holds, copies of it, and dropping what is old")
		.exitOverride()
		.configureOutput(OUTPUT)
		.showSuggestionAfterError(true);
	const of = (words: string): Command =>
		common(ledger.command(words)).option("--store <file|url>", "the ledger, .farthing/ledger.duckdb unless given");
	of("status")
		.description("rows by kind of event, and where usage ends")
		.action(async (flags) => (await import("./commands/ledger.ts")).runLedgerStatus(flags));
	of("backup <file>")
		.description("a consistent copy in a new file")
		.action(async (file: string, flags) => (await import("./commands/ledger.ts")).runLedgerBackup(file, flags));
	of("restore <file>")
		.description("a copy in the place of a ledger that is not there; it is opened before it takes the place")
		.action(async (file: string, flags) => (await import("./commands/ledger.ts")).runLedgerRestore(file, flags));
	of("export")
		.description("every table as a Parquet file, into a new or empty folder")
		.requiredOption("--parquet <folder>", "the folder")
		.action(async (flags) => (await import("./commands/ledger.ts")).runLedgerExport(flags));
	of("schema")
		.description("the statements that make the tables of a ledger in ClickHouse, to run by hand")
		.option("--replicated", "with tables that replicate themselves by Keeper; not tried")
		.action(async (flags) => (await import("./commands/ledger.ts")).runLedgerSchema(flags));
	of("measured <file>")
		.description("what deployments did, hour by hour, as rows for predict --fit")
		.requiredOption("--window <window>", "30d or 36h to the end of usage, 2026-11, 2026-11-28, FROM..TO")
		.requiredOption("--gpus-per-replica <n>", "GPUs of one replica, its tensor-parallel size: records do not tell")
		.requiredOption("--stack <name>", "serving stack, as the catalogue names it")
		.option("--precision <format>", "number format, where the records name none")
		.option("--least-requests <n>", "fewest requests of an hour that gives a row", "100")
		.action(async (file: string, flags) =>
			(await import("./commands/ledger-measured.ts")).runLedgerMeasured(file, flags),
		);
	of("retain")
		.description("drop events of whole days that are old; hours and days of requests stay as sums")
		.requiredOption("--older-than <days>", "such as 90d, counted back from today, or from --as-of")
		.action(async (flags) => (await import("./commands/ledger.ts")).runLedgerRetain(flags));
}

export function addBudget(root: Command, outcome: Outcome): void {
	const budget = root
		.command("budget")
		.description("what may be spent in a month, quarter or year, and how that stands")
		.exitOverride()
		.configureOutput(OUTPUT)
		.showSuggestionAfterError(true);
	const of = (words: string): Command =>
		common(budget.command(words))
			.option("--store <file|url>", "the ledger, .farthing/ledger.duckdb unless given")
			.option("--tenant <name>", "whose; to set and drop, the whole ledger unless given");
	of("set <name>")
		.description("make a budget, or another of the one of that name")
		.requiredOption("--amount <money>", "such as 5000 USD")
		.addOption(
			new Option("--period <name>", "calendar period, UTC").choices(["month", "quarter", "year"]).default("month"),
		)
		.option("--model <name>", "of this model alone")
		.option("--team <name>", "of this team alone")
		.option("--user <name>", "of this user alone")
		.option("--thresholds <shares>", "shares of the amount to tell of, 80%,100% unless given", list)
		.action(async (name: string, flags) => (await import("./commands/budget.ts")).runBudgetSet(name, flags));
	of("drop <name>")
		.description("drop a budget")
		.action(async (name: string, flags) => (await import("./commands/budget.ts")).runBudgetDrop(name, flags));
	of("list")
		.description("the budgets of a ledger")
		.action(async (flags) => (await import("./commands/budget.ts")).runBudgetList(flags));
	of("status")
		.description("spent, forecast and thresholds passed; exit 1 where a budget is overspent")
		.option("--on <day>", "at the end of that day; the last day served unless given")
		.option("--forecast", "exit 1 also where a budget will be overspent")
		.option("--rates <file>", "exchange rates: day,from,to,rate,source")
		.action(async (flags) => {
			outcome.exitCode = await (await import("./commands/budget.ts")).runBudgetStatus(flags);
		});
	budget.addHelpText(
		"after",
		'\nExamples:\n  farthing budget set chat --amount "5000 USD" --team search\n  farthing budget status --on 2026-10-20 --forecast',
	);
}

export function addAudit(root: Command, outcome: Outcome): void {
	common(root.command("audit"))
		.description("who changed what, newest first; exit 1 where the log is not whole")
		.option("--log <folder>", "the log; beside the ledger unless given")
		.option("--store <file|url>", "the ledger whose log is read, .farthing/ledger.duckdb unless given")
		.option("--tenant <name>", "whose log; all unless given")
		.option("--from <time>", "what happened at it or later: a day or an instant, UTC")
		.option("--to <time>", "what happened before it")
		.option("--action <names>", "only these: key.made, import, sign-in, …", list)
		.option("--limit <n>", "the newest of them", "50")
		.option("--csv", "as a table")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing audit\n  farthing audit --log keys.json.audit --action key.made,key.revoked\n  farthing audit --tenant finance --from 2026-11-01 --json",
		)
		.action(async (flags) => {
			outcome.exitCode = await (await import("./commands/audit.ts")).runAudit(flags);
		});
}
