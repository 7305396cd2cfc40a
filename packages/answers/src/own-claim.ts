/** `farthing claim --usd-per-mtok …`: the throughput that a price needs, and the measured rows that come nearest. */
import type { Catalogue, Tier } from "@farthing/catalogue";
import { TIERS } from "@farthing/catalogue";
import type { AnyExpr, BenchmarkPoint, Expr, QuantityJson, UsdPerGpuHour, Verdict } from "@farthing/engine";
import {
	buildModel,
	dateOf,
	define,
	divide,
	evaluate,
	formatQuantity,
	fraction,
	headlineCost,
	input,
	modelToJson,
	quantityJson,
	scalarOf,
	tokensPerGpuSecond,
	usdPerMtok,
} from "@farthing/engine";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import { ATTRIBUTION } from "./frontier.ts";
import { hardwareNamed, modelNamed } from "./names.ts";
import { nodeId } from "./node-id.ts";
import { cardSource, TIER_WORDS } from "./rates.ts";
import type { RowMatch } from "./rows.ts";
import { checkedPoint, isMatch, layoutOf, mayAnswer, splitThroughput, throughputInput } from "./rows.ts";

export interface OwnClaim {
	readonly usdPerMtok: number;
	readonly tokens: "total" | "input" | "output";
	readonly hardware: string;
	readonly model: string;
	readonly isl?: number;
	readonly osl?: number;
	readonly card: string;
}

export interface OwnClaimAnswer {
	readonly claim: string;
	readonly verdict: Verdict;
	readonly conditions: readonly string[];
	/** Throughput that the price needs, by tier and load. */
	readonly required: readonly RequiredThroughput[];
	/** Measured rows, highest throughput first, with what they cost on each tier at full load. */
	readonly rows: readonly MeasuredRow[];
	readonly rows_found: number;
	readonly attribution: string;
}

export interface RequiredThroughput {
	readonly tier: string;
	readonly load: QuantityJson;
	readonly gpu_hour: QuantityJson;
	readonly tokens_per_gpu_second: QuantityJson;
	/** Whether the highest measured throughput is enough. */
	readonly enough: boolean | "unknown";
}

export interface MeasuredRow {
	readonly id: string;
	readonly stack: string;
	readonly precision: string;
	readonly speculative: string;
	readonly isl: number;
	readonly osl: number;
	readonly layout: string;
	readonly concurrency: number;
	readonly interactivity: number;
	readonly tokens_per_gpu_second: QuantityJson;
	readonly unit_cost: Readonly<Record<string, QuantityJson>>;
}

const LOADS = [1, 0.6, 0.3] as const;
const SHOWN_ROWS = 12;

/** A claim of one's own. Throws exit 2 for a price of 0 or below, exit 3 for unknown names or a part without a rate. */
export function ownClaim(catalogue: Catalogue, own: OwnClaim, asking: Asking): Envelope<OwnClaimAnswer> {
	if (!(own.usdPerMtok > 0)) {
		const where = { field: "--usd-per-mtok", expected: "a price above 0" };
		throw new FarthingError(2, "out-of-bounds", "--usd-per-mtok must be above 0", where);
	}
	const hardware = hardwareNamed(catalogue, own.hardware, { field: "--hardware" }).id;
	const model = modelNamed(catalogue, own.model, { field: "--model" }).id;
	const warnings: Warning[] = [];
	const rates = tierRates(catalogue, own.card, hardware, asking, warnings);
	const needs = requiredNodes(own, rates, asking);
	const filter = { model, hardware, ...lengthsAsked(own.isl, own.osl) };
	const fitting = (match: RowMatch): BenchmarkPoint[] =>
		catalogue.benchmarks.filter(
			(point) =>
				isMatch(point, match) &&
				dateOf(point) <= asking.asOf &&
				mayAnswer(checkedPoint(point), ["tokensPerGpuSecond"]).ok,
		);
	const found = fitting(filter).map((point) => rowNodes(catalogue, point, own.tokens, rates));
	if (found.length === 0) requireLengths(fitting({ model, hardware }), own, `${model} on ${hardware}`);
	const evaluation = evaluate(buildModel([...needs.map(({ speed }) => speed), ...found.flatMap(({ costs }) => costs)]));
	const value = (of: AnyExpr): number => scalarOf(evaluation, nodeId(of));
	const json = (of: AnyExpr): QuantityJson => quantityJson(evaluation, nodeId(of));
	const order = [...found].sort((a, b) => value(b.speed) - value(a.speed) || (a.point.id < b.point.id ? -1 : 1));
	const best = order[0];
	const required = needs.map(
		({ tier, load, rate, speed }): RequiredThroughput => ({
			tier,
			load: json(load),
			gpu_hour: json(rate),
			tokens_per_gpu_second: json(speed),
			enough: best === undefined ? "unknown" : value(best.speed) >= value(speed),
		}),
	);
	const price = formatQuantity(own.usdPerMtok, usdPerMtok(own.tokens));
	const answer: OwnClaimAnswer = {
		claim: `${hardware} serves ${model} at ${price} (${own.tokens} tokens)`,
		...ownVerdict(required, best?.point.id, own.tokens),
		required,
		rows: order.slice(0, SHOWN_ROWS).map(({ point, speed, costs }) => ({
			...rowJson(point),
			tokens_per_gpu_second: json(speed),
			unit_cost: Object.fromEntries(rates.map(({ tier }, i) => [tier, json(costs[i] as AnyExpr)])),
		})),
		rows_found: found.length,
		attribution: ATTRIBUTION,
	};
	return envelope(asking, answer, warnings, modelToJson(evaluation));
}

/** Rows of the model on the part, but none of the lengths asked for: those that there are. */
function requireLengths(rows: readonly BenchmarkPoint[], { isl, osl }: OwnClaim, what: string): void {
	const lengths = [...new Set(rows.map((row) => `${row.isl}/${row.osl}`))].sort();
	if (rows.length === 0 || (isl === undefined && osl === undefined)) return;
	const asked = [isl === undefined ? [] : `${isl} tokens in`, osl === undefined ? [] : `${osl} tokens out`].flat();
	const message = `none of ${rows.length} measured rows of ${what} has ${asked.join(" and ")}`;
	const [first] = lengths;
	const [input, output] = (first as string).split("/");
	throw new FarthingError(3, "no-data", message, {
		field: isl === undefined ? "--osl" : "--isl",
		expected: `input and output lengths that were measured: ${lengths.join(", ")}`,
		hint: `--isl ${input} --osl ${output}`,
		nearest: lengths,
	});
}

function lengthsAsked(isl: number | undefined, osl: number | undefined): RowMatch {
	return { ...(isl === undefined ? {} : { isl }), ...(osl === undefined ? {} : { osl }) };
}

interface TierRate {
	readonly tier: Tier;
	readonly rate: Expr<UsdPerGpuHour>;
}

function tierRates(
	catalogue: Catalogue,
	card: string,
	hardware: string,
	{ asOf }: Asking,
	warnings: Warning[],
): TierRate[] {
	const rates = TIERS.flatMap((tier) => {
		const answer = cardSource(catalogue, card, tier, asOf, warnings).find(hardware);
		return answer.known ? [{ tier, rate: answer.rate }] : [];
	});
	if (rates.length > 0) return rates;
	const where = { field: "--hardware", hint: "farthing catalog list rate-cards" };
	throw new FarthingError(3, "no-rate", `card ${card} has no rate for ${hardware}`, where);
}

/** Throughput that the price needs: $/GPU-hr ÷ claimed $/token ÷ load. */
function requiredNodes(own: OwnClaim, rates: readonly TierRate[], { asOf }: Asking) {
	const common = { asOf, grade: "E", role: "condition" } as const;
	const unit = usdPerMtok(own.tokens);
	const claimed = input("claim.unit_cost", unit, {
		...common,
		label: "claimed cost",
		source: "given with --usd-per-mtok",
		value: { kind: "point", value: own.usdPerMtok * unit.factor },
	});
	const loads = LOADS.map((share) => ({
		share,
		load: input(`load.${share}`, fraction, {
			...common,
			label: "load",
			source: "loads looked at",
			value: { kind: "point", value: share },
		}),
	}));
	return rates.flatMap(({ tier, rate }) =>
		loads.map(({ share, load }) => {
			const needed = divide(divide(rate, claimed as never), load as never) as never;
			const speed: AnyExpr = define(`required.${tier}.${share}`, tokensPerGpuSecond(own.tokens), needed, {
				label: `throughput needed at ${TIER_WORDS[tier]}, ${share * 100}% load`,
				formula: "$/GPU-hr ÷ claimed $/token ÷ load",
			});
			return { tier, load: load as AnyExpr, rate: rate as AnyExpr, speed };
		}),
	);
}

/** Throughput of a row in the tokens of the claim, and what they cost on each tier. */
function rowNodes(
	catalogue: Catalogue,
	point: BenchmarkPoint,
	kind: OwnClaim["tokens"],
	rates: readonly TierRate[],
): { readonly point: BenchmarkPoint; readonly speed: AnyExpr; readonly costs: readonly AnyExpr[] } {
	const speed =
		kind === "total" ? throughputInput(catalogue, point) : splitThroughput(catalogue, checkedPoint(point), kind);
	const costs = rates.map(({ tier, rate }) =>
		headlineCost(`${point.id}.unit_cost.headline.${kind}.${tier}`, kind, rate, speed as never),
	);
	return { point, speed, costs };
}

function rowJson(point: BenchmarkPoint): Omit<MeasuredRow, "tokens_per_gpu_second" | "unit_cost"> {
	const {
		id,
		stack,
		precision,
		speculative,
		isl,
		osl,
		concurrency,
		interactivityTokensPerSecond: interactivity,
	} = point;
	return { id, stack, precision, speculative, isl, osl, layout: layoutOf(point), concurrency, interactivity };
}

function ownVerdict(
	required: readonly RequiredThroughput[],
	bestRow: string | undefined,
	tokens: string,
): { verdict: Verdict; conditions: readonly string[] } {
	if (bestRow === undefined) {
		return { verdict: "unverified", conditions: ["no measured row of this model on this part is in the catalogue"] };
	}
	const words = (part: readonly RequiredThroughput[]): string =>
		part.map(({ tier, load }) => `${tier} at ${Math.round((load.value ?? 0) * 100)}% load`).join(", ");
	const enough = required.filter((each) => each.enough === true);
	const short = required.filter((each) => each.enough === false);
	const best = `the highest measured throughput (row ${bestRow}) is`;
	if (enough.length === 0) {
		return {
			verdict: "fails",
			conditions: [`${best} below what ${tokens} tokens at this price need on every tier and load`],
		};
	}
	if (short.length === 0) return { verdict: "holds", conditions: [`${best} enough on every tier and load looked at`] };
	return {
		verdict: "conditional",
		conditions: [`${best} enough for ${words(enough)}`, `and too low for ${words(short)}`],
	};
}
