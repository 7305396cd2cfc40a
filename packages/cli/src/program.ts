/** The command line: names, flags, help. What a command does is imported when it runs, so that help is instant. */
import {
	CHECK_MEMBERS,
	CLAIM_MEMBERS,
	COMPARE_MEMBERS,
	DIFF_MEMBERS,
	FarthingError,
	FRONTIER_MEMBERS,
	PLAN_MEMBERS,
	PREDICT_MEMBERS,
	PRICE_MEMBERS,
	SENSITIVITY_MEMBERS,
	SIMULATE_MEMBERS,
	TRAIN_MEMBERS,
} from "@farthing/answers";
import { Command } from "commander";
import { addCatalog } from "./catalog-commands.ts";
import { common, list, type Outcome, OUTPUT, withMembers } from "./command-options.ts";
import { languageOf } from "./language.ts";
import { addActuals, addAudit, addBudget, addImport, addLedger, ledgerOptions } from "./ledger-commands.ts";

export function program(outcome: Outcome): Command {
	const root = new Command("farthing")
		.description("What a million tokens really cost, and why.")
		.version("0.1.0", "-V, --version")
		.exitOverride()
		.configureOutput(OUTPUT)
		.showSuggestionAfterError(true)
		.addHelpText(
			"after",
			`
Examples:
  farthing price --gpu-hour 2.07 --tokens-per-second 2497 --util 45%
  farthing example
  farthing plan scenarios/prototype-to-5b.yaml
  farthing frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50
  farthing why 1
  farthing claim b200-gptoss-2c
  farthing train --run deepseek-v3
  farthing report scenarios/gb200-rack.yaml -o out

Exit codes: 0 ok, 1 a check failed, 2 bad usage or malformed file, 3 not known, no data or impossible, 4 partial import, 70 internal error.
Completion: farthing complete zsh (or bash, fish, powershell) prints a script to source.
Environment: FARTHING_AS_OF, FARTHING_SEED, FARTHING_CARD, FARTHING_TIER, FARTHING_LANGUAGE, FARTHING_CATALOGUE, FARTHING_DATA, NO_COLOR.`,
		);
	addPrice(root);
	addFrontier(root);
	addPlan(root);
	addSimulate(root, outcome);
	addShape(root, outcome);
	addCompare(root);
	addWhy(root);
	addSensitivity(root);
	addDiff(root);
	addCheck(root, outcome);
	addClaim(root);
	addTrain(root);
	addPredict(root, outcome);
	addReport(root);
	addImport(root, outcome);
	addActuals(root);
	addLedger(root);
	addAudit(root, outcome);
	addBudget(root, outcome);
	addCatalog(root, outcome);
	addServe(root);
	addMcp(root);
	addDoctor(root, outcome);
	addExample(root);
	addFirstRun(root);
	for (const command of [...root.commands, ...root.commands.flatMap(({ commands }) => commands)])
		refuseRepeats(command);
	// Also where a command prints nothing but JSON: a tag that there is not is a slip.
	root.hook("preAction", (_, action) => {
		languageOf(action.opts());
	});
	return root;
}

const REPEATABLE: ReadonlySet<string> = new Set([
	"--hardware",
	"--precision",
	"--stack",
	"--speculative",
	"--row",
	"--set",
	"--by",
	"--policy",
]);

/** Of two values of one flag neither is taken: nobody could say which was meant. */
function refuseRepeats(command: Command): void {
	for (const option of command.options) {
		const { long, parseArg: read } = option;
		if (!option.required || typeof long !== "string" || (REPEATABLE.has(long) && read?.length === 2)) continue;
		let first: string | undefined;
		option.argParser((value: string, before: unknown) => {
			if (first !== undefined && first !== value) {
				throw new FarthingError(
					2,
					"repeated-flag",
					{
						en: `${long} is given twice, as "${first}" and as "${value}"`,
						zh: `${long} 给出了两次：“${first}”和“${value}”`,
					},
					{
						field: long,
						expected: { en: "one value", zh: "一个值" },
					},
				);
			}
			first = value;
			return read === undefined ? value : read(value, before as never);
		});
	}
}

function addPrice(root: Command): void {
	withMembers(common(root.command("price")), PRICE_MEMBERS)
		.description("$/GPU-hr and tokens/s/GPU to $/M tokens, in one line; or a GPU-hour built up openly")
		.addHelpText(
			"after",
			'\nExamples:\n  farthing price --gpu-hour 1.95 --tokens-per-second 28724.2\n  farthing price --gpu-hour "1.85 to 2.60" --tokens-per-second 2497 --util 45% --isl 8192 --osl 1024\n  farthing price --build-up hyperscaler --hardware gb200\n  farthing price --build-up hyperscaler --hardware gb200 --set life=5y --set energy_price="0.12 USD/kWh"\n  farthing price --gpu-hour 2.00 --bench run.json --gpus 8',
		)
		.action(async (flags) => (await import("./commands/price.ts")).runPrice(flags));
}

/** A flag for each member of a question that is not given by its place. */
function addFrontier(root: Command): void {
	withMembers(common(root.command("frontier")), FRONTIER_MEMBERS)
		.description("measured cost against interactivity, at one point or as a curve")
		.option("--csv", "print a table as CSV")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50\n  farthing frontier --model gpt-oss-120b --isl 1024 --osl 1024 --hardware b200,h200 --ttft any\n  farthing frontier --family mlperf --model deepseek-r1 --scenario server",
		)
		.action(async (flags) => (await import("./commands/frontier.ts")).runFrontier(flags));
}

function addPlan(root: Command): void {
	withMembers(common(root.command("plan <scenario>")), PLAN_MEMBERS)
		.description("a scenario to ranked fleets, with the bridge from headline to delivered $/M tokens")
		.option("--top <n>", "print this many options", "10")
		.option("--csv", "print the options as CSV")
		.option("--explain-defaults", "list every default with its source")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing plan scenarios/prototype-to-5b.yaml\n  farthing plan scenarios/prototype-to-5b.yaml --demand 50B --json\n  farthing plan scenarios/prototype-to-5b.yaml --rows scenarios/six-rows.yaml --whole-hosts off",
		)
		.action(async (scenario: string, flags) => (await import("./commands/plan.ts")).runPlan(scenario, flags));
}

function addSimulate(root: Command, outcome: Outcome): void {
	withMembers(common(root.command("simulate <scenario>")), SIMULATE_MEMBERS)
		.option("--threads <n>", "worker threads of --runs; as many as there are processors unless given")
		.description("the plan's cheapest fleet under real traffic: latencies, utilisation by state, cost of idleness")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing simulate scenarios/prototype-to-5b.yaml\n  farthing simulate scenarios/prototype-to-5b.yaml --demand 1B --replicas 2 --hours 6\n  farthing simulate scenarios/prototype-to-5b.yaml --trace AzureLLMInferenceTrace_conv.csv --trace-rate 10",
		)
		.action(async (scenario: string, flags) => {
			outcome.exitCode = await (await import("./commands/simulate.ts")).runSimulate(scenario, flags);
		});
}

function addShape(root: Command, outcome: Outcome): void {
	common(root.command("shape <trace>"), "write the shape to a file that a scenario names (- for stdout)")
		.description("a request trace in a few dozen numbers, for traffic that is like it")
		.option("--name <name>", "name of the shape, that of the file unless given")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing shape AzureLLMInferenceTrace_conv.csv -o conversation.yaml\n  farthing simulate scenarios/prototype-to-5b.yaml --shape conversation.yaml",
		)
		.action(async (trace: string, flags) => {
			outcome.exitCode = await (await import("./commands/shape.ts")).runShape(trace, flags);
		});
}

function addCompare(root: Command): void {
	withMembers(common(root.command("compare <scenario>")), COMPARE_MEMBERS)
		.description("hardware, precision, stack, API and ways to pay side by side, and where they cross over")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing compare scenarios/prototype-to-5b.yaml\n  farthing compare scenarios/prototype-to-5b.yaml --by hardware,stack --demand 50B\n  farthing compare scenarios/five-years.yaml --by strategy,api",
		)
		.action(async (scenario: string, flags) => (await import("./commands/compare.ts")).runCompare(scenario, flags));
}

function addWhy(root: Command): void {
	common(root.command("why [node] [result]"))
		.description("the tree under any number of the last result, or of a result file")
		.option("--depth <n>", "fold the tree below this depth")
		.option("--month <n>", "month of a number that changes by month; 0 is the opening")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing why 1\n  farthing why unit_cost.delivered.total\n  farthing why 1 out/plan.json --json",
		)
		.action(async (node: string | undefined, result: string | undefined, flags) =>
			(await import("./commands/why.ts")).runWhy(node, result, flags),
		);
}

function addSensitivity(root: Command): void {
	withMembers(common(root.command("sensitivity [scenario]")), SENSITIVITY_MEMBERS)
		.description("what a number leans on: each input's reach and share of the spread, and what would flip the decision")
		.option("--top <n>", "print this many inputs", "12")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing sensitivity scenarios/five-years.yaml\n  farthing sensitivity scenarios/five-years.yaml --of own.year_5.unit_cost.delivered\n  farthing sensitivity out/plan.json --json",
		)
		.action(async (scenario: string | undefined, flags) =>
			(await import("./commands/sensitivity.ts")).runSensitivity(scenario, flags),
		);
}

function addDiff(root: Command): void {
	withMembers(common(root.command("diff <before> [after...]")), DIFF_MEMBERS)
		.description("why two scenarios, results or git revisions differ, in causes that sum exactly")
		.option("--markdown", "as Markdown, for a comment on a pull request")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing diff before.yaml after.yaml\n  farthing diff before.json after.json --of own.npv\n  farthing diff main..HEAD\n  farthing diff main..HEAD scenarios/five-years.yaml --markdown",
		)
		.action(async (before: string, after: string[], flags) =>
			(await import("./commands/diff.ts")).runDiff(before, after, flags),
		);
}

function addCheck(root: Command, outcome: Outcome): void {
	withMembers(common(root.command("check <scenario>")), CHECK_MEMBERS)
		.description("policies of a scenario, for CI; exit 1 where one is not kept")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing check scenarios/five-years.yaml --policy policies.yaml\n  farthing check plan.json --policy policies.yaml --json",
		)
		.action(async (scenario: string, flags) => {
			outcome.exitCode = await (await import("./commands/check.ts")).runCheck(scenario, flags);
		});
}

function addClaim(root: Command): void {
	withMembers(common(root.command("claim [id]")), CLAIM_MEMBERS)
		.description("what a headline implies, what reproduces it, what breaks it, and the verdict")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing claim\n  farthing claim gb300-35x\n  farthing claim --usd-per-mtok 0.02 --tokens total --hardware b200 --model gpt-oss-120b",
		)
		.action(async (id: string | undefined, flags) => (await import("./commands/claim.ts")).runClaim(id, flags));
}

function addTrain(root: Command): void {
	withMembers(common(root.command("train")), TRAIN_MEMBERS)
		.description("a training run: compute, GPU-hours, cost, energy and carbon, per run and per M tokens trained")
		.option("--explain-defaults", "list every default with its source")
		.addHelpText(
			"after",
			'\nExamples:\n  farthing train --run deepseek-v3\n  farthing train --run llama-3.1-405b --gpu-hour 2.00 --region us-east4\n  farthing train --params 70B --tokens 15T --hardware h100 --mfu "35% to 45%" --goodput 90%\n  farthing train --model llama-3.1-405b --tokens 15.6T --row mt-c7766898 --served "50B tokens/day" --life "1 year"\n  farthing train --model llama-3.1-70b --tokens 15T --seq 8192 --hardware a100 --layout "tp=8 pp=4 dp=64 interleave=5 batch=2048"\n  farthing train --mlperf --tier own_hyperscaler',
		)
		.action(async (flags) => (await import("./commands/train.ts")).runTrain(flags));
}

function addPredict(root: Command, outcome: Outcome): void {
	withMembers(common(root.command("predict")), PREDICT_MEMBERS)
		.description("TTFT, TPOT, throughput and cost of a configuration that nobody measured, with 80% intervals")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing predict --model deepseek-r1 --hardware b200 --precision fp4 --stack trt --isl 8192 --osl 1024 --concurrency 64 --tp 8\n  farthing predict --model kimi-k2.5 --hardware mi355x --precision fp4 --stack sglang --isl 1024 --osl 1024 --concurrency 32 --tp 8\n  farthing predict --rows rows.jsonl --json",
		)
		.action(async (flags) => {
			outcome.exitCode = await (await import("./commands/predict.ts")).runPredict(flags);
		});
}

function addReport(root: Command): void {
	ledgerOptions(root.command("report [scenario-or-result]"))
		.description("a plan, or a month of the ledger, as documents: pages, slides, workbook, tables")
		.option("--template <name or file>", "board, technical, monthly, or a Markdown file of your own", "board")
		.option("--window <time>", "with --template monthly: 30d, 2026-10 or FROM..TO")
		.option(
			"--keep <folder>",
			"instead of a window: each closed month of the ledger once, by period, with what changed",
		)
		.option("--format <list>", "html, pdf, pptx, xlsx, csv, md; all unless given", list)
		.option("-o, --output <folder>", "folder for the files", "out")
		.option("--print-template", "print the template instead, to start one of your own")
		.option("--schema", "print the JSON Schema of templates, which lists the blocks there are")
		.option("--json", "print one JSON object")
		.option("--as-of <date>", "count ages of facts at this date")
		.option("--seed <n>", "seed of the draws")
		.option("--quiet", "no notes on stderr")
		.option("--language <tag>", "en or zh: the documents, and what is printed for people")
		.option("--no-color", "plain text")
		.exitOverride()
		.configureOutput({ writeErr: () => undefined })
		.addHelpText(
			"after",
			"\nExamples:\n  farthing report scenarios/five-years.yaml -o out\n  farthing plan scenarios/five-years.yaml -o plan.json && farthing report plan.json --format xlsx -o out\n  farthing report plan.json --template my-board.md --format html\n  farthing report --window 2026-10 --template monthly --basis busy --rates rates.csv -o out",
		)
		.action(async (of: string | undefined, flags, command: Command) =>
			(await import("./commands/report.ts")).runReport(of, flags, typedFlags(command)),
		);
}

/** Flags that stand on the command line, by their long names. */
function typedFlags(command: Command): string[] {
	const typed = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === "cli");
	return typed.flatMap(({ long }) => long ?? []);
}

function addMcp(root: Command): void {
	root
		.command("mcp")
		.description("tools for agents (Model Context Protocol) over standard input and output, read-only")
		.exitOverride()
		.configureOutput(OUTPUT)
		.addHelpText("after", '\nExamples:\n  an agent starts it: {"command": "npx", "args": ["farthing", "mcp"]}')
		.action(async () => (await import("./commands/mcp.ts")).runMcp());
}

function addServe(root: Command): void {
	root
		.command("serve")
		.description(
			"pages, and answers over HTTP, on loopback unless told otherwise; Ctrl-C ends it when open requests are answered",
		)
		.option("--port <n>", "port to listen on, 0 for any that is free", "8417")
		.option("--listen <address>", "address to listen on; beyond loopback it demands --keys or --sign-on")
		.option("--keys <file>", "file of API keys; callers must then bring one")
		.option("--sign-on <file>", "identity provider (OpenID Connect) that people sign in with, and what roles may do")
		.option("--audit <folder>", "log of who changed what; beside the ledger or the keys unless given")
		.option("--ledger <file>", "take events into this ledger, under /v1/ingest/, and answer actuals of it")
		.option("--rates <file>", "exchange rates for actuals: day,from,to,rate,source")
		.option("--calibration <files>", "saturated benchmarks for actuals, to fit the law of GPU time", list)
		.option("--packs <folder>", "keep the monthly pack of each closed month of that ledger there, by period")
		.option("--pack-formats <names>", "html, pdf, pptx, csv, md; html,pdf,csv,md unless given", list)
		.option("--scrapes <file>", "scrape the targets of this file into that ledger, as often as it says")
		.option("--backups <folder>", "write a copy of that ledger here on POST /v1/backups, while it takes events in")
		.option("--keep-backups <n>", "keep the newest n of those copies; all unless given")
		.option("--retain <days>", "drop its events of days older than this, such as 90d, once a day; roll-ups stay")
		.option("--threads <n>", "worker threads that compute answers", "1")
		.option("--add-key <id>", "make a key in --keys, print its secret once, and end")
		.option("--tenant <name>", "whose key it is", "default")
		.option("--scopes <names>", "what it may do: read, ingest, admin", list)
		.option("--revoke-key <id>", "revoke a key in --keys, and end")
		.option("--export <folder>", "write the pages as files that open from disk, and end")
		.option("--quiet", "no notes on stderr")
		.exitOverride()
		.configureOutput(OUTPUT)
		.addHelpText(
			"after",
			"\nExamples:\n  farthing serve\n  farthing serve --port 0\n  farthing serve --ledger .farthing/ledger.duckdb\n  farthing serve --keys keys.json --add-key ci --scopes read\n  farthing serve --listen 0.0.0.0 --keys keys.json\n  farthing serve --export pages",
		)
		.action(async (flags) => (await import("./commands/serve.ts")).runServe(flags));
}

function addDoctor(root: Command, outcome: Outcome): void {
	common(root.command("doctor"))
		.description(
			"what is missing, old or broken on this machine, for a server, or in the metrics of a Prometheus server",
		)
		.option("--ledger <file>", "also whether this ledger opens, what waits for it, and its disk")
		.option("--keys <file>", "also whether these keys will do")
		.option("--listen <address>", "for this address")
		.option("--scrapes <file>", "also whether the targets of this file answer")
		.option("--backups <folder>", "also how old the newest copy of the ledger is")
		.option("--server <url>", "also whether this server answers, and its clock")
		.option("--prometheus <url>", "look at the metrics of this server instead of this machine")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing doctor\n  farthing doctor --ledger .farthing/ledger.duckdb --listen 127.0.0.1\n  farthing doctor --prometheus http://127.0.0.1:9090",
		)
		.action(async (flags) => {
			outcome.exitCode =
				flags.prometheus === undefined
					? await (await import("./commands/doctor.ts")).runDoctor(flags)
					: await (await import("./commands/doctor-metrics.ts")).runMetricsDoctor(flags.prometheus, flags);
		});
}

function addExample(root: Command): void {
	common(root.command("example"))
		.description("write the example scenarios into a folder, to run and to change")
		.option("--into <folder>", "where to", "scenarios")
		.addHelpText("after", "\nExamples:\n  farthing example\n  farthing plan scenarios/prototype-to-5b.yaml")
		.action(async (flags) => (await import("./commands/example.ts")).runExample(flags));
}

function addFirstRun(root: Command): void {
	common(root.command("first-run", { hidden: true }))
		.description("the main job on the catalogue's own data, as npm start does it")
		.option("--once", "end after the job")
		.option("--out <folder>", "folder for the files", "out")
		.action(async (flags) => (await import("./commands/first-run.ts")).runFirstRun(flags));
}
