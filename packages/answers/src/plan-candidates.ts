/** Which measured deployments may serve a scenario: found among all rows, or named; kept or left out with the reason. */
import type { Catalogue } from "@farthing/catalogue";
import type { BenchmarkPoint, Distribution, PointField, RowWindow } from "@farthing/engine";
import { centralValue, latestRows } from "@farthing/engine";
import type { Choice, RowList, RowReference, RowSelector, Scenario } from "@farthing/scenario";
import type { Lengths } from "./api-prices.ts";
import type { Warning } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { hardwareNamed, modelNamed, precisionsNamed, stacksNamed } from "./names.ts";
import type { RankingLimits, Unranked } from "./ranking.ts";
import { rankable } from "./ranking.ts";
import { placeOf, type RateBook } from "./rates.ts";
import type { CheckedRow, NamedRow, RowFilter, RowWindowChoice } from "./rows.ts";
import { laterRowWarnings, matchingRows, namedRows, nothingYet, windowUpTo } from "./rows.ts";

export interface Candidates {
	readonly rows: readonly CheckedRow[];
	/** Rows that could serve but cannot be ranked, with the reason. */
	readonly unranked: readonly Unranked[];
	/** Rows that miss a limit, counted by limit. */
	readonly missed: Readonly<Record<string, number>>;
	readonly warnings: readonly Warning[];
	readonly considered: number;
	readonly model: string;
}

export interface CandidateOptions {
	readonly rows?: RowList;
	readonly window?: RowWindowChoice;
}

/** Throws exit 3 for unknown names, and where no row fits the model and lengths. */
export function candidates(
	catalogue: Catalogue,
	scenario: Scenario,
	rates: RateBook,
	asOf: string,
	options: CandidateOptions,
): Candidates {
	const model = modelNamed(catalogue, scenario.model, originOf(scenario, "model")).id;
	const ofModel = catalogue.benchmarks.filter((point) => point.model === model);
	if (ofModel.length === 0) throw noBenchmark(catalogue, scenario, model);
	const { isl, osl, warnings } = measuredLengths(ofModel, scenario, model);
	const filter = rowFilter(catalogue, scenario, model, isl, osl);
	const window = windowUpTo(options.window ?? {}, asOf);
	const named =
		options.rows?.rows.map((reference) => oneRow(catalogue, reference, { model, isl, osl }, window)) ??
		options.window?.named;
	const rows =
		named === undefined
			? matchingRows(catalogue.benchmarks, filter, window)
			: namedRows(catalogue.benchmarks, named, { model, isl, osl });
	if (rows.length === 0) throw nothingYet(catalogue.benchmarks, filter, window) ?? noneFits(scenario, model);
	const { kept, unranked, missed, warnings: unknown } = rankable(rows, limitsOf(scenario, filter), rates);
	return {
		rows: kept,
		// A row that somebody asked for is not just counted.
		unranked: named === undefined ? unranked : [...unranked, ...missed.map(({ line }) => line)],
		missed: countedBy(missed.map(({ limit }) => limit)),
		warnings: [...warnings, ...laterRowWarnings(rows, asOf), ...unknown],
		considered: rows.length,
		model,
	};
}

/** A limit of the scenario in base units, or undefined where it has none. */
export function centralOf(of: { readonly distribution: Distribution } | undefined): number | undefined {
	return of === undefined ? undefined : centralValue(of.distribution);
}

/** Fields a row must have right to be sized and priced. */
const NEEDED: readonly PointField[] = ["tokensPerGpuSecond", "interactivityTokensPerSecond", "gpus"];

function limitsOf({ slo }: Scenario, asked: RowFilter): RankingLimits {
	const interactivity = centralOf(slo.tokensPerSecondPerUser);
	const limitSeconds = centralOf(slo.ttft);
	const ttft = { limitSeconds, statistic: slo.ttftStatistic, unknown: slo.ttftUnknown };
	return {
		needed: NEEDED,
		asked,
		...(interactivity === undefined ? {} : { interactivity }),
		...(limitSeconds === undefined ? {} : { ttft: { ...ttft, limitSeconds } }),
	};
}

function countedBy(names: readonly string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
	return counts;
}

/** Tokens of one request of the scenario. */
export function requestLengths({ workload }: Scenario): Lengths {
	return { input: centralValue(workload.input.distribution), output: centralValue(workload.output.distribution) };
}

const NEAR = 0.05;

/** The measured lengths nearest to the scenario's, if both are within 5%. */
function measuredLengths(
	points: readonly BenchmarkPoint[],
	scenario: Scenario,
	model: string,
): { isl: number; osl: number; warnings: Warning[] } {
	const { input, output } = requestLengths(scenario);
	const pairs = [...new Set(points.map(({ isl, osl }) => `${isl}/${osl}`))].sort();
	const near = pairs
		.map((pair) => pair.split("/").map(Number) as [number, number])
		.map(([isl, osl]) => ({ isl, osl, off: Math.max(Math.abs(isl / input - 1), Math.abs(osl / output - 1)) }))
		.filter(({ off }) => off <= NEAR)
		.sort((a, b) => a.off - b.off)[0];
	if (near === undefined) {
		throw new FarthingError(
			3,
			"no-data",
			{
				en: `${model} was not measured at ${input} tokens in and ${output} out`,
				zh: `没有人在输入 ${input} token、输出 ${output} token 下测量过 ${model}`,
			},
			{
				...placeOf(scenario.workload.input),
				field: "workload",
				expected: { en: `lengths that were measured: ${pairs.join(", ")}`, zh: `测量过的长度：${pairs.join("、")}` },
				hint: closingCommand(model, input, output),
				nearest: pairs,
				changes: pairs.map((pair) => {
					const [isl, osl] = pair.split("/").map(Number) as [number, number];
					return { "workload.input": isl, "workload.output": osl };
				}),
			},
		);
	}
	const { isl, osl, off } = near;
	const message = `benchmark rows of ${isl}/${osl} tokens stand in for ${input}/${output}`;
	return { isl, osl, warnings: off === 0 ? [] : [{ code: "nearest-lengths", message }] };
}

function noBenchmark(catalogue: Catalogue, scenario: Scenario, model: string): FarthingError {
	const measured = [...new Set(catalogue.benchmarks.map((point) => point.model))];
	const target = sizeOf(catalogue, model);
	const nearest = measured
		.map((id) => ({ id, off: target === undefined ? 0 : Math.abs(logRatio(sizeOf(catalogue, id), target)) }))
		.sort((a, b) => a.off - b.off || (a.id < b.id ? -1 : 1))
		.map(({ id }) => id);
	const { input, output } = requestLengths(scenario);
	return new FarthingError(
		3,
		"no-benchmark",
		{
			en: `nobody has published a benchmark row of ${model} that the catalogue knows`,
			zh: `目录中没有任何人公布的 ${model} 的基准测试行`,
		},
		{
			...originOf(scenario, "model"),
			field: "model",
			expected: {
				en: "a model with measured rows; nearest in active parameters first",
				zh: "有实测行的模型；按激活参数量由近到远",
			},
			hint: closingCommand(model, input, output),
			nearest: nearest.slice(0, 5),
			changes: nearest.slice(0, 3).map((id) => ({ model: id })),
		},
	);
}

/** The measurement that would close a gap. */
function closingCommand(model: string, input: number, output: number): string {
	return [
		`measure it: vllm bench serve --model <${model} weights> --dataset-name random`,
		`--random-input-len ${input} --random-output-len ${output} --ignore-eos --max-concurrency 64 --num-prompts 640`,
		"--save-result --result-filename run.json, then farthing price --gpu-hour <rate> --bench run.json --gpus <count>",
	].join(" ");
}

function sizeOf(catalogue: Catalogue, model: string): number | undefined {
	const figures = catalogue.models.find(({ id }) => id === model)?.figures;
	return figures?.activeParameters?.value ?? figures?.totalParameters?.value ?? figures?.totalParametersComputed?.value;
}

function logRatio(a: number | undefined, b: number): number {
	if (a === undefined) return Number.POSITIVE_INFINITY;
	return a > b ? a / b - 1 : b / a - 1;
}

function rowFilter(catalogue: Catalogue, scenario: Scenario, model: string, isl: number, osl: number): RowFilter {
	const { hardware, precision, stack, speculative, disaggregated } = scenario.supply;
	const ids = (choice: Choice, path: string, resolve: (name: string, where: object) => readonly string[]) =>
		choice === "any" ? undefined : choice.flatMap((name, i) => resolve(name, originOf(scenario, `${path}[${i}]`)));
	const chosen = {
		hardware: ids(hardware, "supply.hardware", (name, where) => [hardwareNamed(catalogue, name, where).id]),
		precision: ids(precision, "supply.precision", (name, where) => precisionsNamed(catalogue, name, where)),
		stack: ids(stack, "supply.stack", (name, where) => stacksNamed(catalogue, name, where)),
		speculative: speculative === "any" ? undefined : speculative,
		disaggregated: disaggregated === "any" ? undefined : disaggregated,
	};
	const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined));
	return { model, isl, osl, ...given };
}

function originOf(scenario: Scenario, path: string): object {
	const origin = scenario.origins[path];
	return origin === undefined || origin.kind !== "file"
		? { field: path }
		: { field: path, file: origin.file, line: origin.line, column: origin.column };
}

/** No row has what `supply` asks for, on whatever day. */
function noneFits(scenario: Scenario, model: string): FarthingError {
	return new FarthingError(
		3,
		"no-data",
		{ en: `no benchmark row of ${model} has what supply asks for`, zh: `${model} 的基准测试行都不符合 supply 的要求` },
		{
			...originOf(scenario, "supply"),
			field: "supply",
			expected: {
				en: "hardware, precision, stack and speculative method that were measured together",
				zh: "一同测量过的硬件、精度、推理框架与投机解码方法",
			},
			hint: `farthing catalog list benchmarks ${model}`,
		},
	);
}

interface Asked {
	readonly model: string;
	readonly isl: number;
	readonly osl: number;
}

/** A hand-picked row. Throws exit 3 for a selector that fits no row, or more than one. */
function oneRow(catalogue: Catalogue, reference: RowReference, asked: Asked, window: RowWindow): NamedRow {
	const { file, line, column } = reference.origin;
	const where = { file, line, column };
	if (reference.kind === "id") return { id: reference.id, where };
	const fitting = catalogue.benchmarks.filter((point) => fitsSelector(catalogue, point, reference.selector, asked));
	const matching = latestRows(fitting, window);
	const [only] = matching;
	if (only !== undefined && matching.length === 1) return { id: only.id, where };
	const expected = "a selector that leaves one row, or the id of a row";
	if (only === undefined) {
		const later = fitting.length === 0 ? "" : ` up to ${window.asOf}`;
		throw new FarthingError(3, "unknown-row", `no benchmark row fits this selector${later}`, { ...where, expected });
	}
	const nearest = matching.slice(0, 5).map(({ id }) => id);
	const message = `${matching.length} benchmark rows fit this selector`;
	throw new FarthingError(3, "ambiguous-row", message, { ...where, expected, nearest });
}

/** Model and lengths are those of the scenario where the selector does not say. */
function fitsSelector(catalogue: Catalogue, point: BenchmarkPoint, of: RowSelector, asked: Asked): boolean {
	const speed = of.tokensPerSecondPerUser;
	return (
		point.model === (of.model === undefined ? asked.model : modelNamed(catalogue, of.model).id) &&
		point.hardware === hardwareNamed(catalogue, of.hardware).id &&
		(of.stack === undefined || stacksNamed(catalogue, of.stack).includes(point.stack)) &&
		(of.precision === undefined || precisionsNamed(catalogue, of.precision).includes(point.precision)) &&
		(of.speculative === undefined || point.speculative === of.speculative) &&
		(of.disaggregated === undefined || point.disaggregated === of.disaggregated) &&
		(of.prefillGpus === undefined || point.prefill?.gpus === of.prefillGpus) &&
		(of.decodeGpus === undefined || point.decode.gpus === of.decodeGpus) &&
		(of.gpus === undefined || point.gpus === of.gpus) &&
		(of.concurrency === undefined || point.concurrency === of.concurrency) &&
		point.isl === (of.isl ?? asked.isl) &&
		point.osl === (of.osl ?? asked.osl) &&
		(of.measuredOn === undefined || point.measuredOn === of.measuredOn) &&
		(speed === undefined || Math.abs(point.interactivityTokensPerSecond - speed.value) <= speed.tolerance)
	);
}
