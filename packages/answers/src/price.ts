/** `farthing price`: $/GPU-hr and tokens/s/GPU to $/Mtok, the closed form in one line. */
import type { Evaluation, Expr, QuantityJson, TokensPerGpuSecond, UsdPerGpuHour } from "@farthing/engine";
import type { Dimensionless, Distribution, TokenKind } from "@farthing/engine";
import {
	buildModel,
	evaluate,
	fraction,
	headlineCost,
	loadedCost,
	modelToJson,
	quantityJson,
	rangeEnds,
	sample,
	tokensPerGpuSecond,
	usdPerGpuHour,
} from "@farthing/engine";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { givenInput } from "./given.ts";
import { nodeId } from "./node-id.ts";
import { nominalSplit } from "./rows.ts";

export interface PriceQuestion {
	/** A rate in hand; see `rateBook` for cards and build-ups. */
	readonly rate: Expr<UsdPerGpuHour>;
	/** Throughput per GPU, tok/s/GPU; absent: the answer ends at the price of a GPU-hour. */
	readonly throughput?: Distribution;
	readonly throughputSource: string;
	/** What the throughput counts. */
	readonly tokens: "total" | "input" | "output";
	/** Node ids of the parts of a build-up, by name. */
	readonly parts?: Readonly<Record<string, string>>;
	/** Share of the throughput that is delivered; absent: full load. */
	readonly load?: Distribution;
	/** Tokens of one request, where total throughput is to be split by kind. */
	readonly lengths?: { readonly input: number; readonly output: number };
	readonly warnings?: readonly Warning[];
}

export interface PriceResult {
	readonly unit_cost?: QuantityJson;
	readonly gpu_hour: QuantityJson;
	readonly tokens_per_gpu_second?: QuantityJson;
	/** Parts of the price of a GPU-hour, where it was built up. */
	readonly parts?: Readonly<Record<string, QuantityJson>>;
	readonly utilization?: QuantityJson;
	/** The whole cost over the tokens of one kind: not shares of each other, each pays for everything. */
	readonly by_tokens?: Readonly<Record<string, QuantityJson>>;
}

export const PRICE_DRAWS = 10_000;

/** Throws exit 2 for a throughput of 0 or below, or a load outside (0, 1]. */
export function price(question: PriceQuestion, asking: Asking): Envelope<PriceResult> {
	if (question.load !== undefined) requireLoad(question.load);
	const { rate, throughput } = question;
	const { nodes, ids } = throughput === undefined ? rateAlone(rate) : priceNodes(question, throughput, asking.asOf);
	const evaluation = evaluate(buildModel(nodes));
	const json = jsonOf(evaluation, asking);
	const jsons = (of: Readonly<Record<string, string>>): Record<string, QuantityJson> =>
		Object.fromEntries(Object.entries(of).map(([name, id]) => [name, json(id)]));
	const result: PriceResult = {
		...(ids.cost === undefined ? {} : { unit_cost: json(ids.cost) }),
		gpu_hour: json(ids.rate),
		...(ids.speed === undefined ? {} : { tokens_per_gpu_second: json(ids.speed) }),
		...(question.parts === undefined ? {} : { parts: jsons(question.parts) }),
		...(ids.load === undefined ? {} : { utilization: json(ids.load) }),
		...(ids.kinds === undefined ? {} : { by_tokens: jsons(ids.kinds) }),
	};
	return envelope(asking, result, question.warnings ?? [], modelToJson(evaluation));
}

interface PriceIds {
	readonly cost?: string;
	readonly rate: string;
	readonly speed?: string;
	readonly load?: string;
	readonly kinds?: Readonly<Record<string, string>>;
}

function rateAlone(rate: Expr<UsdPerGpuHour>): { nodes: Expr<never>[]; ids: PriceIds } {
	return { nodes: [rate as unknown as Expr<never>], ids: { rate: nodeId(rate) } };
}

function priceNodes(
	question: PriceQuestion,
	throughput: Distribution,
	asOf: string,
): { nodes: Expr<never>[]; ids: PriceIds } {
	requirePositive("--tokens-per-second", throughput, "a throughput above 0");
	const { rate, tokens } = question;
	const load = question.load === undefined ? undefined : loadInput(question.load, asOf);
	const speed = speedInput(`tokens_per_gpu_second.${tokens}`, tokens, throughput, question.throughputSource, asOf);
	const basis = load === undefined ? "headline" : "delivered";
	const costOf = <K extends TokenKind>(kind: K, of: Expr<TokensPerGpuSecond<K>>): Expr<never> =>
		(load === undefined
			? headlineCost(`unit_cost.headline.${kind}`, kind, rate, of)
			: loadedCost(`unit_cost.delivered.${kind}`, kind, rate, of, load)) as unknown as Expr<never>;
	const nodes: Expr<never>[] = [costOf(tokens, speed as Expr<TokensPerGpuSecond<typeof tokens>>)];
	const ids: PriceIds = {
		cost: `unit_cost.${basis}.${tokens}`,
		rate: nodeId(rate),
		speed: `tokens_per_gpu_second.${tokens}`,
		...(load === undefined ? {} : { load: "load" }),
	};
	const { lengths } = question;
	if (lengths === undefined || tokens !== "total") return { nodes, ids };
	const kinds = (["input", "output"] as const).filter((kind) => lengths[kind] > 0);
	const total = speed as Expr<TokensPerGpuSecond<"total">>;
	for (const kind of kinds)
		nodes.push(costOf(kind, nominalSplit(`tokens_per_gpu_second.${kind}`, kind, total, lengths)));
	const named = [...kinds, "total"].map((kind) => [kind, `unit_cost.${basis}.${kind}`]);
	return { nodes, ids: { ...ids, kinds: Object.fromEntries(named) } };
}

function speedInput<K extends TokenKind>(
	id: string,
	kind: K,
	value: Distribution,
	source: string,
	asOf: string,
): Expr<TokensPerGpuSecond<K>> {
	const label = `${kind} tokens per second and GPU`;
	return givenInput(id, tokensPerGpuSecond(kind), value, { label, role: "evidence", asOf, source, grade: "E" });
}

function loadInput(value: Distribution, asOf: string): Expr<Dimensionless> {
	return givenInput("load", fraction, value, {
		label: "share of the throughput that is delivered",
		role: "condition",
		asOf,
		source: "given with --util",
		grade: "E",
	});
}

/** A rate given on the command line. */
export function givenRate(value: Distribution, asOf: string): Expr<UsdPerGpuHour> {
	requirePositive("--gpu-hour", value, "a price above 0");
	return givenInput("rate.gpu_hour", usdPerGpuHour, value, {
		label: "price of a GPU-hour",
		role: "evidence",
		asOf,
		source: "given with --gpu-hour",
		grade: "E",
	});
}

function jsonOf(evaluation: Evaluation, { seed }: Asking): (id: string) => QuantityJson {
	const { model } = evaluation;
	const ranged = model.nodes.some(({ spec }) => spec !== undefined && spec.value.kind !== "point");
	if (!ranged) return (id) => quantityJson(evaluation, id);
	const draws = sample(model, { draws: PRICE_DRAWS, seed, keep: [...model.byId.keys()] });
	return (id) => quantityJson(evaluation, id, { draws });
}

function requirePositive(flag: string, of: Distribution, expected: string): void {
	if (rangeEnds(of).low > 0) return;
	throw new FarthingError(2, "out-of-bounds", `${flag} must be above 0`, { field: flag, expected });
}

function requireLoad(of: Distribution): void {
	const { low, high } = rangeEnds(of);
	if (low > 0 && high <= 1) return;
	const expected = "a share above 0% and up to 100%";
	throw new FarthingError(2, "out-of-bounds", "--util must lie above 0% and up to 100%", { field: "--util", expected });
}
