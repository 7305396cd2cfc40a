/** The main job on the catalogue's own data: the example plan, its files, the claims; what `npm start` shows. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { ClaimList, Envelope, PlanResult } from "@farthing/answers";
import { claims, frontier, plan, rateBook, scenarioError, simulateScenario } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import { summariseChecks } from "@farthing/engine";
import { assumptionRegister, namesOf, planCsv, planHtml } from "@farthing/report";
import type { Scenario } from "@farthing/scenario";
import { parseScenario } from "@farthing/scenario";
import type { CommonFlags } from "../context.ts";
import { askingOf, catalogueStore } from "../context.ts";
import { exampleFolder } from "../example-folder.ts";
import { writeWhole } from "../files.ts";
import { dim, good, printText } from "../print.ts";
import { firstAnswerText } from "../show/first-run.ts";

export interface FirstRunFlags extends CommonFlags {
	readonly once?: boolean;
	readonly out: string;
}

/** A real trace's bursts and lengths, at the example's demand. */
const SHAPE = "azure-2023-conversation";
const SHAPE_HOURS = 2;
const SCENARIO = "scenarios/prototype-to-5b.yaml";

export async function runFirstRun(flags: FirstRunFlags): Promise<void> {
	const store = catalogueStore();
	const catalogue = timed(
		() => store.catalogue(),
		(c) =>
			`catalogue ${c.version}: ${c.counts.hardware} accelerators, ${c.counts.models} models, ${c.counts.rateCards} rate cards, ${c.counts.apiPrices} API prices`,
	);
	const checks = timed(
		() => summariseChecks(catalogue.benchmarks),
		(c) =>
			`benchmarks ${count(c.rows)} rows checked, ${count(c.flagged.length)} with a failed check (${join(flags.out, "row-checks.csv")})`,
	);
	const scenario = exampleScenario();
	const asking = (command: string): ReturnType<typeof askingOf> => askingOf(command, {}, flags, store);
	const answer = timed(
		() => plan(catalogue, scenario, asking("plan")),
		({ result }) =>
			`plan: ${count(result.considered)} measured rows of ${result.model}, ${result.options.length} ranked`,
	);
	const headlines = timed(
		() => claims(catalogue, asking("claim")),
		({ result }) => `claims: ${result.claims.length} headlines tested`,
	);
	timed(
		() =>
			simulateScenario(catalogue, scenario, asking("simulate"), { planned: answer, shape: SHAPE, hours: SHAPE_HOURS }),
		({ result }) =>
			`simulation: ${count(result.requests)} requests in the shape of ${SHAPE}, ${(result.good_share * 100).toFixed(1)}% in the limits${result.saturated ? ", saturated" : ""}`,
	);
	timed(
		() => writeFiles(flags.out, { catalogue, scenario, answer, headlines, checks }, asking("frontier")),
		(files) => `wrote ${files.join(" ")}`,
	);
	printText(`\n${firstAnswerText(answer, headlines.result)}`);
	const page = join(flags.out, "plan.html");
	printText(
		dim(
			[
				`  Next: npx farthing why 1 · npx farthing claim gb300-35x · open ${page}`,
				`        npx farthing report scenarios/five-years.yaml -o ${join(flags.out, "board")}`,
			].join("\n"),
		),
	);
	if (flags.once !== true) await (await import("./serve.ts")).leavePagesOpen();
}

interface Made {
	readonly catalogue: Catalogue;
	readonly scenario: Scenario;
	readonly answer: Envelope<PlanResult>;
	readonly headlines: Envelope<ClaimList>;
	readonly checks: ReturnType<typeof summariseChecks>;
}

function writeFiles(out: string, made: Made, asking: ReturnType<typeof askingOf>): string[] {
	const { answer } = made;
	const saved = `${JSON.stringify(answer)}\n`;
	const files: [string, string][] = [
		["plan.json", saved],
		["plan.csv", planCsv(answer)],
		["plan.html", htmlOf(made, asking)],
		["row-checks.csv", checksCsv(made.checks)],
	];
	for (const [name, text] of files) writeWhole(join(out, name), text);
	writeWhole(join(".farthing", "last.json"), saved);
	return files.map(([name]) => join(out, name));
}

/** The page shows every measured row that keeps the scenario's TTFT on its frontier. */
function htmlOf({ catalogue, scenario, answer, headlines }: Made, asking: ReturnType<typeof askingOf>): string {
	const rates = rateBook(catalogue, scenario.cost, asking.asOf);
	const { model, workload, slo } = answer.result;
	const limit = slo.ttft?.value;
	const ttft =
		limit === undefined
			? {}
			: { ttft: { limitSeconds: limit, statistic: scenario.slo.ttftStatistic, unknown: scenario.slo.ttftUnknown } };
	const curve = frontier(catalogue, { filter: { model, ...workload }, window: {}, ...ttft }, rates, asking);
	const register = answer.graph === undefined ? [] : assumptionRegister(answer.graph);
	const names = namesOf(catalogue);
	return planHtml({
		plan: answer,
		frontier: curve,
		claims: headlines,
		register,
		names,
		commandLine: `npx farthing plan ${SCENARIO}`,
	});
}

function checksCsv({ flagged }: Made["checks"]): string {
	const lines = flagged.flatMap(({ id, failed }) =>
		failed.map(({ check, taints, message }) => [id, check, taints.join(" "), message].map(quoted).join(",")),
	);
	return `${["row,check,tainted_fields,message", ...lines].join("\r\n")}\r\n`;
}

function quoted(text: string): string {
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function exampleScenario(): Scenario {
	const path = join(exampleFolder(), basename(SCENARIO));
	const parsed = parseScenario(readFileSync(path, "utf8"), { file: SCENARIO });
	if (parsed.ok) return parsed.scenario;
	throw scenarioError(parsed.issues);
}

function timed<T>(work: () => T, say: (made: T) => string): T {
	const start = performance.now();
	const made = work();
	printText(`${good("✓")} ${say(made)} ${dim(`${((performance.now() - start) / 1000).toFixed(2)} s`)}`);
	return made;
}

function count(n: number): string {
	return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}
