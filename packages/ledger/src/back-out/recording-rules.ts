/**
 * Prometheus recording rules that carry on between two actuals: GPUs kept at work and money spent, live from the counters of
 * vLLM and SGLang, by the law and the token prices of the window.
 */
import type { Actuals } from "../actuals/actuals.ts";
import type { TokenPrice } from "./token-prices.ts";

export interface RecordingRule {
	readonly record: string;
	readonly expr: string;
	readonly labels?: Readonly<Record<string, string>>;
}

/** Of every model that has a law and prices. `unit` of the money stands in a label. */
export function recordingRules(found: Actuals, prices: readonly TokenPrice[]): RecordingRule[] {
	const { currency, basis } = found.question;
	const own = prices.flatMap((price): RecordingRule[] => {
		const select = `{model_name=~"${price.served.map(escaped).join("|")}"}`;
		const input = `farthing:uncached_input_tokens:rate5m${select}`;
		const output = `farthing:output_tokens:rate5m${select}`;
		const law = lawOf(found, price.model);
		const money = { currency, basis };
		const rules: RecordingRule[] = [];
		if (law !== undefined) {
			const context = `farthing:mean_context_tokens:rate5m${select}`;
			rules.push({
				record: "farthing:busy_gpus:rate5m",
				expr: `${number(law.gpuSecondsPerUncachedInputToken)} * ${input} + ${number(law.gpuSecondsPerOutputToken)} * ${output} + ${number(law.gpuSecondsPerOutputContextToken2)} * ${output} * ${context}`,
			});
		}
		const { perInputToken, perOutputToken } = price;
		if (perInputToken !== undefined && perOutputToken !== undefined) {
			rules.push({
				record: "farthing:cost_per_hour:rate5m",
				expr: `3600 * (${number(perInputToken)} * ${input} + ${number(perOutputToken)} * ${output})`,
				labels: money,
			});
		}
		return rules;
	});
	return [...COMMON, ...own, ...PER_TOKEN];
}

/** The rules as a file that Prometheus loads. */
export function rulesYaml(rules: readonly RecordingRule[]): string {
	const lines = rules.flatMap(({ record, expr, labels = {} }) => [
		`      - record: ${record}`,
		`        expr: ${JSON.stringify(expr)}`,
		...(Object.keys(labels).length === 0 ? [] : ["        labels:"]),
		...Object.entries(labels).map(([name, value]) => `          ${name}: ${JSON.stringify(value)}`),
	]);
	return ["groups:", "  - name: farthing", "    interval: 1m", "    rules:", ...lines, ""].join("\n");
}

const by = (expression: string): string => `sum by (model_name) (${expression})`;

/** Newer engines say where a prompt token came from; of older ones the hits of the prefix cache are taken off. */
const COMMON: readonly RecordingRule[] = [
	{
		record: "farthing:uncached_input_tokens:rate5m",
		expr: [
			by('rate(vllm:prompt_tokens_by_source_total{source="local_compute"}[5m])'),
			`${by("rate(vllm:prompt_tokens_total[5m])")} - ${by("rate(vllm:prefix_cache_hits_total[5m])")}`,
			by("rate(vllm:prompt_tokens_total[5m])"),
			`${by("rate(sglang:prompt_tokens_total[5m])")} - ${by("rate(sglang:cached_tokens_total[5m])")}`,
			by("rate(sglang:prompt_tokens_total[5m])"),
		].join(" or "),
	},
	{
		record: "farthing:input_tokens:rate5m",
		expr: `${by("rate(vllm:prompt_tokens_total[5m])")} or ${by("rate(sglang:prompt_tokens_total[5m])")}`,
	},
	{
		record: "farthing:output_tokens:rate5m",
		expr: `${by("rate(vllm:generation_tokens_total[5m])")} or ${by("rate(sglang:generation_tokens_total[5m])")}`,
	},
	{
		record: "farthing:requests:rate5m",
		expr: `${by("rate(vllm:request_success_total[5m])")} or ${by("rate(sglang:num_requests_total[5m])")}`,
	},
	{
		record: "farthing:mean_context_tokens:rate5m",
		expr: "(farthing:input_tokens:rate5m + 0.5 * farthing:output_tokens:rate5m) / (farthing:requests:rate5m > 0)",
	},
];

const PER_TOKEN: readonly RecordingRule[] = [
	{
		record: "farthing:cost_per_mtok:rate5m",
		expr: "1e6 * farthing:cost_per_hour:rate5m / on (model_name) group_left () (3600 * (farthing:input_tokens:rate5m + farthing:output_tokens:rate5m) > 0)",
	},
];

/** Where deployments of a model have laws of their own, that of the first by name. */
function lawOf({ laws, used }: Actuals, model: string) {
	const deployments = new Set(used.flatMap(({ owner }) => (owner.model === model ? (owner.deployment ?? []) : [])));
	const [first] = [...deployments].filter((deployment) => laws.has(deployment)).sort();
	return first === undefined ? undefined : laws.get(first)?.law;
}

function escaped(name: string): string {
	return name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&").replace(/["\\]/g, "\\$&");
}

/** Enough digits for money and times, none that only noise fills. */
function number(value: number): string {
	return String(Number(value.toPrecision(9)));
}
