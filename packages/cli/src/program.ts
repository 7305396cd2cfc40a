/** The command line: names, flags, help. What a command does is imported when it runs, so that help is instant. */
import { FarthingError } from "@farthing/answers";
import { Command, Option } from "commander";
import { printText } from "./print.ts";

export interface Outcome {
	exitCode: number;
}

/** Help goes where answers go; what is wrong is told by who runs the command. */
const OUTPUT = { writeOut: (text: string): void => printText(text), writeErr: (): void => undefined };

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
  farthing plan scenarios/prototype-to-5b.yaml
  farthing frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50
  farthing why 1
  farthing claim b200-gptoss-2c
  farthing train --run deepseek-v3
  farthing report scenarios/gb200-rack.yaml -o out

Exit codes: 0 ok, 1 a check failed, 2 bad usage or malformed file, 3 not known, no data or impossible, 4 partial import, 70 internal error.
Completion: farthing complete zsh (or bash, fish, powershell) prints a script to source.
Environment: FARTHING_AS_OF, FARTHING_SEED, FARTHING_CARD, FARTHING_TIER, NO_COLOR.`,
		);
	addPrice(root);
	addFrontier(root);
	addPlan(root);
	addSimulate(root, outcome);
	addCompare(root);
	addWhy(root);
	addSensitivity(root);
	addDiff(root);
	addCheck(root, outcome);
	addClaim(root);
	addTrain(root);
	addPredict(root);
	addReport(root);
	addImport(root, outcome);
	addActuals(root);
	addLedger(root);
	addCatalog(root, outcome);
	addServe(root);
	addMcp(root);
	addDoctor(root, outcome);
	addFirstRun(root);
	for (const command of [...root.commands, ...root.commands.flatMap(({ commands }) => commands)])
		refuseRepeats(command);
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
				throw new FarthingError(2, "repeated-flag", `${long} is given twice, as "${first}" and as "${value}"`, {
					field: long,
					expected: "one value",
				});
			}
			first = value;
			return read === undefined ? value : read(value, before as never);
		});
	}
}

function common(command: Command): Command {
	return command
		.option("--json", "print one JSON object")
		.option("-o, --output <file>", "write the result with its graph to a file (- for stdout)")
		.option("--as-of <date>", "count ages of facts at this date")
		.option("--seed <n>", "seed of the draws")
		.option("--quiet", "no notes on stderr")
		.option("--no-color", "plain text")
		.exitOverride()
		.configureOutput(OUTPUT);
}

const list = (value: string, before: string[] | undefined): string[] => [
	...(before ?? []),
	...value.split(",").map((each) => each.trim()),
];

function addPrice(root: Command): void {
	common(root.command("price"))
		.description("$/GPU-hr and tokens/s/GPU to $/M tokens, in one line; or a GPU-hour built up openly")
		.option("--gpu-hour <price>", 'price of a GPU-hour, "2.07" or "1.85 to 2.60"')
		.option("--hardware <id>", "take the price of this part from a rate card or build-up")
		.option("--card <id>", "rate card, by id or date")
		.option("--tier <tier>", "own_hyperscaler, own_neocloud or rent_3yr")
		.option("--build-up <set>", "build the GPU-hour up from this set of assumptions")
		.option(
			"--set <member=value>",
			"change a member of the build-up, such as life=5y (repeatable)",
			(value: string, before: string[] | undefined) => [...(before ?? []), value],
		)
		.option("--tokens-per-second <rate>", "tokens per second and GPU")
		.addOption(
			new Option("--tokens <kind>", "which tokens that counts").choices(["total", "input", "output"]).default("total"),
		)
		.option("--bench <file>", "read throughput from a benchmark result (- for stdin)")
		.option("--gpus <n>", "GPUs behind the benchmark result")
		.option("--isl <n>", "input tokens per request, to split the cost by token kind")
		.option("--osl <n>", "output tokens per request")
		.option("--util <share>", "share of the throughput that is delivered")
		.addHelpText(
			"after",
			'\nExamples:\n  farthing price --gpu-hour 1.95 --tokens-per-second 28724.2\n  farthing price --gpu-hour "1.85 to 2.60" --tokens-per-second 2497 --util 45% --isl 8192 --osl 1024\n  farthing price --build-up hyperscaler --hardware gb200\n  farthing price --build-up hyperscaler --hardware gb200 --set life=5y --set energy_price="0.12 USD/kWh"\n  farthing price --gpu-hour 2.00 --bench run.json --gpus 8',
		)
		.action(async (flags) => (await import("./commands/price.ts")).runPrice(flags));
}

function addRowFilters(command: Command): Command {
	return command
		.option("--hardware <ids>", "only these parts, comma-separated", list)
		.option("--precision <ids>", "only these number formats (fp4 means nvfp4 and mxfp4)", list)
		.option("--stack <ids>", "only these serving stacks", list)
		.option("--speculative <ids>", "only these speculative methods (none, mtp)", list)
		.option("--disaggregated <on|off>", "only deployments with, or without, separate prefill GPUs")
		.option("--rows-between <from,to>", "all dated rows of these days instead of the latest of each configuration")
		.option("--row <id>", "only this benchmark row (repeatable)", list)
		.option("--card <id>", "rate card, by id or date")
		.option("--tier <tier>", "own_hyperscaler, own_neocloud or rent_3yr")
		.option("--ttft <time|any>", "limit on TTFT, default 5 s")
		.addOption(
			new Option("--ttft-statistic <which>", "which TTFT is held to it").choices(["median", "p90", "p99", "mean"]),
		)
		.addOption(new Option("--ttft-unknown <what>", "rows that publish no TTFT").choices(["exclude", "accept"]));
}

function addFrontier(root: Command): void {
	addRowFilters(common(root.command("frontier")))
		.description("measured cost against interactivity, at one point or as a curve")
		.requiredOption("--model <id>", "model, by id or alias")
		.option("--isl <n>", "input tokens per request of the benchmark")
		.option("--osl <n>", "output tokens per request of the benchmark")
		.addOption(
			new Option("--family <name>", "benchmark family").choices(["inferencex", "mlperf"]).default("inferencex"),
		)
		.option("--scenario <name>", "MLPerf scenario: offline, server or interactive")
		.option("--at <rate>", "read every frontier at this interactivity, tok/s/user")
		.option("--modelled", "add modelled rows (grade D) for parts, stacks and formats that were not measured")
		.option("--csv", "print a table as CSV")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing frontier --model deepseek-r1 --isl 8192 --osl 1024 --at 50\n  farthing frontier --model gpt-oss-120b --isl 1024 --osl 1024 --hardware b200,h200 --ttft any\n  farthing frontier --family mlperf --model deepseek-r1 --scenario server",
		)
		.action(async (flags) => (await import("./commands/frontier.ts")).runFrontier(flags));
}

function addPlan(root: Command): void {
	addRowFilters(common(root.command("plan <scenario>")))
		.description("a scenario to ranked fleets, with the bridge from headline to delivered $/M tokens")
		.option("--demand <tokens per day>", "instead of the scenario's")
		.option("--peak <ratio>", "busiest hour over mean, instead of the scenario's")
		.option("--interactivity <rate|any>", "tok/s/user, instead of the scenario's")
		.option("--rows <file>", "rank only the benchmark rows of this list")
		.option("--modelled", "add modelled rows (grade D) for parts, stacks and formats that were not measured")
		.option("--util <share>", "state the utilisation instead of deriving it (the result says so)")
		.option("--whole-replicas <on|off>", "round up to whole replicas")
		.option("--spare <n>", "spare replicas")
		.option("--whole-hosts <on|off>", "round up to whole servers or racks")
		.option("--availability <share>", "availability of a replica")
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
	addRowFilters(common(root.command("simulate <scenario>")))
		.description("the plan's cheapest fleet under real traffic: latencies, utilisation by state, cost of idleness")
		.option("--trace <file>", "replay a request trace: Azure or BurstGPT CSV, Mooncake JSON lines (- for stdin)")
		.option("--trace-rate <factor>", "so many times the requests of the trace")
		.option("--trace-length <factor>", "so many times the tokens of its requests")
		.option("--shape <id>", "generate requests as a traffic shape of the catalogue has them")
		.option("--hours <n>", "virtual time; 24 for generated requests, the whole trace otherwise")
		.option("--replicas <n>", "replicas instead of the plan's")
		.option("--exact", "one decode step at a time, to check the steps that are taken at once")
		.option("--demand <tokens per day>", "instead of the scenario's")
		.option("--peak <ratio>", "busiest hour over mean, instead of the scenario's")
		.option("--interactivity <rate|any>", "tok/s/user, instead of the scenario's")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing simulate scenarios/prototype-to-5b.yaml\n  farthing simulate scenarios/prototype-to-5b.yaml --demand 1B --replicas 2 --hours 6\n  farthing simulate scenarios/prototype-to-5b.yaml --trace AzureLLMInferenceTrace_conv.csv --trace-rate 10",
		)
		.action(async (scenario: string, flags) => {
			outcome.exitCode = await (await import("./commands/simulate.ts")).runSimulate(scenario, flags);
		});
}

function addCompare(root: Command): void {
	common(root.command("compare <scenario>"))
		.description("hardware, precision, stack, API and ways to pay side by side, and where they cross over")
		.option("--by <what>", "only these: hardware, precision, stack, api, strategy; comma-separated", list)
		.option("--artificial-analysis <file>", "rows of its load test, keyed in as CSV: a family of their own")
		.option("--demand <tokens per day>", "instead of the scenario's")
		.option("--interactivity <rate|any>", "tok/s/user, instead of the scenario's")
		.option("--ttft <time|any>", "limit on TTFT, instead of the scenario's")
		.option("--card <id>", "rate card, by id or date")
		.option("--tier <tier>", "own_hyperscaler, own_neocloud or rent_3yr")
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
	common(root.command("sensitivity [scenario]"))
		.description("what a number leans on: each input's reach and share of the spread, and what would flip the decision")
		.option("--of <node>", "which number, named as for why; that by which the options are ranked unless given")
		.option("--rows <n>", "rows of each Sobol design, a power of 2", "1024")
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
	common(root.command("diff <before> [after...]"))
		.description("why two scenarios, results or git revisions differ, in causes that sum exactly")
		.option("--of <node>", "which number, named as for why; that by which the options are ranked unless given")
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
	common(root.command("check <scenario>"))
		.description("policies of a scenario, for CI; exit 1 where one is not kept")
		.option("--policy <file>", "policies of a file, beside those of the scenario (repeatable)", list)
		.addHelpText(
			"after",
			"\nExamples:\n  farthing check scenarios/five-years.yaml --policy policies.yaml\n  farthing check plan.json --policy policies.yaml --json",
		)
		.action(async (scenario: string, flags) => {
			outcome.exitCode = await (await import("./commands/check.ts")).runCheck(scenario, flags);
		});
}

function addClaim(root: Command): void {
	common(root.command("claim [id]"))
		.description("what a headline implies, what reproduces it, what breaks it, and the verdict")
		.option("--usd-per-mtok <price>", "test a claim of your own: this cost per million tokens")
		.addOption(
			new Option("--tokens <kind>", "which tokens that counts").choices(["total", "input", "output"]).default("total"),
		)
		.option("--hardware <id>", "on this part")
		.option("--model <id>", "serving this model")
		.option("--isl <n>", "only rows with this input length")
		.option("--osl <n>", "only rows with this output length")
		.option("--card <id>", "rate card, by id or date")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing claim\n  farthing claim gb300-35x\n  farthing claim --usd-per-mtok 0.02 --tokens total --hardware b200 --model gpt-oss-120b",
		)
		.action(async (id: string | undefined, flags) => (await import("./commands/claim.ts")).runClaim(id, flags));
}

function addTrain(root: Command): void {
	common(root.command("train"))
		.description("a training run: compute, GPU-hours, cost, energy and carbon, per run and per M tokens trained")
		.option("--run <id>", "a published run of the catalogue")
		.option("--params <n>", "active parameters, such as 37B")
		.option("--model <id>", "a model of the catalogue instead: its active parameters and shape")
		.option("--tokens <n>", "tokens of the run, such as 15T")
		.option("--seq <n>", "tokens of a training sequence, to count attention")
		.option("--hardware <id>", "the part")
		.addOption(new Option("--peak <format>", "peak that the MFU is of").choices(["bf16", "fp8", "fp4"]))
		.option("--mfu <share>", 'share of the peak in steady state, "40%" or "35% to 45%"')
		.option("--tokens-per-second <rate>", "measured instead: tokens per second and GPU")
		.option("--row <id>", "measured instead: a row of training-throughput or mlperf-training")
		.option(
			"--layout <members>",
			'modelled instead: "tp=8 pp=8 dp=16 batch=1024", also interleave, microbatch, recompute',
		)
		.option("--shape <members>", 'of a model for --layout: "layers=96 hidden=12288 ffn=49152 heads=96 vocab=51200"')
		.option("--gpus <n>", "GPUs of the run")
		.option("--goodput <share>", "share of the time that moves the run forward")
		.option("--restart <time>", "instead of --goodput: from a failure until the run goes on")
		.option("--checkpoint <time>", "time that a checkpoint stops the work")
		.option("--checkpoint-interval <time|optimal>", "work between checkpoints; Young's optimum unless given")
		.option("--failures <rate>", 'failures that stop the run, "0.17/GPU/year"')
		.option("--gpu-hour <price>", 'price of a GPU-hour, "2.00" or "1.85 to 2.60"')
		.option("--card <id>", "rate card, by id or date")
		.option("--tier <tier>", "own_hyperscaler, own_neocloud or rent_3yr")
		.option("--build-up <set>", "build the GPU-hour up from this set of assumptions")
		.option(
			"--set <member=value>",
			"change a member of the build-up, such as life=5y (repeatable)",
			(value: string, before: string[] | undefined) => [...(before ?? []), value],
		)
		.option("--power <power>", "IT power per GPU, such as 1.1kW")
		.option("--load <share>", "average over provisioned power")
		.option("--pue <ratio>", "PUE of the site")
		.option("--region <name>", "grid: a country (USA) or cloud region (us-east4)")
		.option("--served <tokens per day>", "with --life: spread the cost over what the model serves")
		.option("--life <time>", "time until the model is replaced")
		.option("--mlperf", "MLPerf Training results as GPU-hours and cost per M tokens")
		.option("--benchmark <name>", "which of them, default llama31_405b")
		.option("--validation", "the parallelism law against measured steps")
		.option("--explain-defaults", "list every default with its source")
		.addHelpText(
			"after",
			'\nExamples:\n  farthing train --run deepseek-v3\n  farthing train --run llama-3.1-405b --gpu-hour 2.00 --region us-east4\n  farthing train --params 70B --tokens 15T --hardware h100 --mfu "35% to 45%" --goodput 90%\n  farthing train --model llama-3.1-405b --tokens 15.6T --row mt-c7766898 --served "50B tokens/day" --life "1 year"\n  farthing train --model llama-3.1-70b --tokens 15T --seq 8192 --hardware a100 --layout "tp=8 pp=4 dp=64 interleave=5 batch=2048"\n  farthing train --mlperf --tier own_hyperscaler',
		)
		.action(async (flags) => (await import("./commands/train.ts")).runTrain(flags));
}

function addPredict(root: Command): void {
	common(root.command("predict"))
		.description("TTFT, TPOT, throughput and cost of a configuration that nobody measured, with 80% intervals")
		.option("--model <id>", "model of the catalogue")
		.option("--hardware <id>", "the part")
		.option("--precision <format>", "format of the weights: bf16, fp8, fp4, nvfp4, mxfp4, int4")
		.option("--stack <id>", "serving stack")
		.option("--isl <n>", "input tokens of a request")
		.option("--osl <n>", "output tokens of a request")
		.option("--concurrency <n>", "requests in flight over the deployment")
		.option("--tp <n>", "tensor-parallel GPUs of a replica, or of each decode worker")
		.option("--pp <n>", "pipeline stages")
		.option("--ep <n>", "expert-parallel GPUs")
		.option("--dp-attention", "each GPU attends to its own sequences")
		.option("--disagg <p:d>", "prefill and decode workers apart, such as 1:3")
		.option("--prefill-tp <n>", "GPUs of each prefill worker, as --tp unless given")
		.addOption(new Option("--speculative <method>", "draft tokens ahead").choices(["none", "mtp"]))
		.option("--drafted <n>", "tokens drafted for each step")
		.option("--accepted <n>", "tokens that a step yields, the verified one included")
		.option("--cached <share>", "share of the prompt whose cache entries exist already")
		.option("--memory-share <share>", "share of the memory that the engine takes")
		.option("--rows <file>", "rows of a file instead: AIConfigurator sample, InferenceX rows or medians (- for stdin)")
		.option("--fit <file>", "measured rows of your own, in the same layouts, that calibrate this run")
		.option("--suspicious", "list measured rows that the others contradict, of all or of --model and --hardware")
		.option("--card <id>", "rate card, by id or date")
		.option("--tier <tier>", "own_hyperscaler, own_neocloud or rent_3yr")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing predict --model deepseek-r1 --hardware b200 --precision fp4 --stack trt --isl 8192 --osl 1024 --concurrency 64 --tp 8\n  farthing predict --model kimi-k2.5 --hardware mi355x --precision fp4 --stack sglang --isl 1024 --osl 1024 --concurrency 32 --tp 8\n  farthing predict --rows rows.jsonl --json",
		)
		.action(async (flags) => (await import("./commands/predict.ts")).runPredict(flags));
}

function addReport(root: Command): void {
	ledgerOptions(root.command("report [scenario-or-result]"))
		.description("a plan, or a month of the ledger, as documents: pages, slides, workbook, tables")
		.option("--template <name or file>", "board, technical, monthly, or a Markdown file of your own", "board")
		.option("--window <time>", "with --template monthly: 30d, 2026-10 or FROM..TO")
		.option("--format <list>", "html, pdf, pptx, xlsx, csv, md; all unless given", list)
		.option("-o, --output <folder>", "folder for the files", "out")
		.option("--print-template", "print the template instead, to start one of your own")
		.option("--schema", "print the JSON Schema of templates, which lists the blocks there are")
		.option("--json", "print one JSON object")
		.option("--as-of <date>", "count ages of facts at this date")
		.option("--seed <n>", "seed of the draws")
		.option("--quiet", "no notes on stderr")
		.option("--no-color", "plain text")
		.exitOverride()
		.configureOutput({ writeErr: () => undefined })
		.addHelpText(
			"after",
			"\nExamples:\n  farthing report scenarios/five-years.yaml -o out\n  farthing plan scenarios/five-years.yaml -o plan.json && farthing report plan.json --format xlsx -o out\n  farthing report plan.json --template my-board.md --format html\n  farthing report --window 2026-10 --template monthly --basis busy --rates rates.csv -o out",
		)
		.action(async (of: string | undefined, flags) => (await import("./commands/report.ts")).runReport(of, flags));
}

/** What decides the cost of a window of the ledger. */
function ledgerOptions(command: Command): Command {
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
		.option("--store <file>", "the ledger, .farthing/ledger.duckdb unless given");
}

function addActuals(root: Command): void {
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

function addLedger(root: Command): void {
	const ledger = root
		.command("ledger")
		.description("what the ledger holds, copies of it, and dropping what is old")
		.exitOverride()
		.configureOutput(OUTPUT)
		.showSuggestionAfterError(true);
	const of = (words: string): Command =>
		common(ledger.command(words)).option("--store <file>", "the ledger, .farthing/ledger.duckdb unless given");
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
	of("retain")
		.description("drop events of whole days that are old; hours and days of requests stay as sums")
		.requiredOption("--older-than <days>", "such as 90d, counted back from the end of the last day with usage")
		.action(async (flags) => (await import("./commands/ledger.ts")).runLedgerRetain(flags));
}

function addCatalog(root: Command, outcome: Outcome): void {
	const catalog = root
		.command("catalog")
		.description("the facts: list, show, validate, diff")
		.exitOverride()
		.configureOutput(OUTPUT)
		.showSuggestionAfterError(true);
	common(catalog.command("list [collection] [words...]"))
		.description("collections, or the entries of one that mention the words")
		.action(async (collection: string | undefined, words: string[], flags) =>
			(await import("./commands/catalog.ts")).runList(collection, words, flags),
		);
	common(catalog.command("show <entry>"))
		.description("one entry with its figures, sources, dates and ages")
		.action(async (entry: string, flags) => (await import("./commands/catalog.ts")).runShow(entry, flags));
	common(catalog.command("validate [folder]"))
		.description("check a folder of facts; exit 1 where something is wrong")
		.action(async (folder: string | undefined, flags) => {
			outcome.exitCode = await (await import("./commands/catalog.ts")).runValidate(folder, flags);
		});
	common(catalog.command("diff <before> [after]"))
		.description("what changed between two folders of facts; the second is the installed catalogue unless given")
		.action(async (before: string, after: string | undefined, flags) =>
			(await import("./commands/catalog.ts")).runDiff(before, after, flags),
		);
	catalog.addHelpText(
		"after",
		"\nExamples:\n  farthing catalog list\n  farthing catalog list hardware\n  farthing catalog show b200\n  farthing catalog validate catalogue",
	);
}

function addImport(root: Command, outcome: Outcome): void {
	common(root.command("import [files...]"))
		.description("bench results, traces, bills, logs and metrics into the ledger; the format is found by itself")
		.option("--scrapes", "the two files are scrapes of one target, before and after")
		.option("--duration <time>", "time between the two scrapes")
		.option("--from <time>", "start of what a source without times covers")
		.option("--to <time>", "its end")
		.option("--prometheus <url>", "instead of files: a window of this server, with --from and --to")
		.option("--step <time>", "length of one record of that window, 1 h unless given")
		.option("--match <labels>", 'only series with these labels, such as cluster="a"')
		.option("--zone <offset>", "zone of times that say none, such as +02:00; UTC unless given")
		.option("--gpus <n>", "GPUs behind a source that does not say them")
		.option("--model <name>", "model of a source that does not name it")
		.option("--kind <format>", "the format, where the beginning of the file does not show it")
		.option("--strict", "end at the first record that cannot be read, and keep nothing")
		.option("--min-coverage <share>", "end with exit code 4 below this coverage")
		.option("--quarantine <file>", "where to write what could not be read")
		.option("--store <file>", "the ledger to write to, .farthing/ledger.duckdb unless given")
		.option("--no-store", "read and account only, write nothing to a ledger")
		.addHelpText(
			"after",
			"\nExamples:\n  farthing import run.json --gpus 8\n  farthing import --scrapes before.prom after.prom --duration 405.18s\n  farthing import spend-logs.json bill.csv.gz --json",
		)
		.action(async (files: string[], flags) => {
			outcome.exitCode = await (await import("./commands/import.ts")).runImport(files, flags);
		});
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
		.description("answers over HTTP, on loopback unless told otherwise; Ctrl-C ends it when open requests are answered")
		.option("--port <n>", "port to listen on, 0 for any that is free", "8417")
		.option("--listen <address>", "address to listen on; beyond loopback it demands --keys")
		.option("--keys <file>", "file of API keys; callers must then bring one")
		.option("--ledger <file>", "take events into this ledger, under /v1/ingest/")
		.option("--threads <n>", "worker threads that compute answers", "1")
		.option("--add-key <id>", "make a key in --keys, print its secret once, and end")
		.option("--tenant <name>", "whose key it is", "default")
		.option("--scopes <names>", "what it may do: read, ingest, admin", list)
		.option("--revoke-key <id>", "revoke a key in --keys, and end")
		.option("--quiet", "no notes on stderr")
		.exitOverride()
		.configureOutput(OUTPUT)
		.addHelpText(
			"after",
			"\nExamples:\n  farthing serve\n  farthing serve --port 0\n  farthing serve --ledger .farthing/ledger.duckdb\n  farthing serve --keys keys.json --add-key ci --scopes read\n  farthing serve --listen 0.0.0.0 --keys keys.json",
		)
		.action(async (flags) => (await import("./commands/serve.ts")).runServe(flags));
}

function addDoctor(root: Command, outcome: Outcome): void {
	common(root.command("doctor"))
		.description("what is missing, old or broken on this machine, or in the metrics of a Prometheus server")
		.option("--prometheus <url>", "look at the metrics of this server instead of this machine")
		.addHelpText("after", "\nExamples:\n  farthing doctor\n  farthing doctor --prometheus http://127.0.0.1:9090")
		.action(async (flags) => {
			outcome.exitCode =
				flags.prometheus === undefined
					? await (await import("./commands/doctor.ts")).runDoctor(flags)
					: await (await import("./commands/doctor-metrics.ts")).runMetricsDoctor(flags.prometheus, flags);
		});
}

function addFirstRun(root: Command): void {
	common(root.command("first-run", { hidden: true }))
		.description("the main job on the catalogue's own data, as npm start does it")
		.option("--once", "end after the job")
		.option("--out <folder>", "folder for the files", "out")
		.action(async (flags) => (await import("./commands/first-run.ts")).runFirstRun(flags));
}
