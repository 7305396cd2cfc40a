/** The dearest requests of an answer as rows, and how much all others cost. */
import { formatInstant } from "../records/units.ts";
import { ownerBy } from "../attribution/line-sums.ts";
import type { Dimension } from "../attribution/attributed-line.ts";
import type { ActualsRow, OtherLine, RequestsJson } from "./actuals-json.ts";
import { isAnyModelled } from "./by-modelled-law.ts";
import { shower, deliveredOf, computedOf, outputOf, unknownMoney } from "./quantities-of-actuals.ts";
import type { Actuals } from "./actuals.ts";
import type { RequestCost } from "./request-costs.ts";

/** Of all that are added the dearest so many; equal ones in order of time and id. */
export interface DearestRequests {
	add(requests: readonly RequestCost[]): void;
	priced(): PricedRequests;
}

export interface PricedRequests {
	/** The dearest. */
	readonly kept: readonly RequestCost[];
	/** Of all: how many, their tokens, and what they cost, in billionths of the currency, where that is known. */
	readonly count: number;
	readonly tokens: number;
	readonly nano: bigint;
	/** Of these, those whose cost is not known. */
	readonly unpriced: { readonly count: number; readonly tokens: number };
}

export function dearestRequests(most: number): DearestRequests {
	let kept: RequestCost[] = [];
	let [count, tokens, nano] = [0, 0, 0n];
	const unpriced = { count: 0, tokens: 0 };
	// Sorted only now and then, so that a long list costs little more than a look at each.
	const cut = (): void => {
		kept = kept.sort(dearerFirst).slice(0, most);
	};
	return {
		add(requests) {
			const least = kept.length < most ? undefined : kept[most - 1];
			for (const request of requests) {
				const own = deliveredOf(request.tokens);
				count++;
				tokens += own;
				nano += request.nano ?? 0n;
				if (request.nano === undefined) {
					unpriced.count++;
					unpriced.tokens += own;
				}
				if (least === undefined || byCost(request, least) <= 0) kept.push(request);
			}
			if (kept.length >= most) cut();
		},
		priced() {
			cut();
			return { kept, count, tokens, nano, unpriced: { ...unpriced } };
		},
	};
}

export interface RequestParts {
	readonly rows: readonly ActualsRow[];
	readonly requests: RequestsJson;
	/** The requests that are not among the rows: their cost, and those that have none on record. */
	readonly rest: readonly OtherLine[];
}

export function requestParts(
	found: Actuals,
	priced: PricedRequests,
	by: readonly Dimension[],
	coverage: number,
): RequestParts {
	const show = shower(found);
	const { currency } = found.question;
	// What a request took of a deployment the law alone says.
	const byModel = isAnyModelled(found);
	const money = (nano: bigint) => show.shared({ currency, nano }, byModel);
	const { kept, count, tokens, nano, unpriced } = priced;
	const rows = kept.map(({ at, owner, status, tokens: own, nano: cost, input, output, gpu }): ActualsRow => {
		const [delivered, computed, made] = [deliveredOf(own), computedOf(own), outputOf(own)];
		const per = (part: bigint, n: number, kind: string) => show.unitCost({ currency, nano: part }, n, kind, byModel);
		const plain = {
			...ownerBy(owner, by),
			at: formatInstant(at),
			...(status === undefined ? {} : { status }),
			tokens: show.tokens(own),
		};
		if (cost === undefined) return { ...plain, cost: unknownMoney(currency), coverage: 0 };
		return {
			...plain,
			cost: money(cost),
			...(delivered === 0 ? {} : { unit_cost: per(cost, delivered, "total") }),
			...(computed === 0 && made === 0
				? {}
				: {
						by_tokens: {
							...(computed === 0 ? {} : { input: per(input ?? 0n, computed, "input") }),
							...(made === 0 ? {} : { output: per(output ?? 0n, made, "output") }),
						},
					}),
			...(gpu === undefined ? {} : { gpu_hours: show.gpuHours(gpu, byModel) }),
			coverage,
		};
	});
	const without = unpriced.count - kept.filter((request) => request.nano === undefined).length;
	const others = count - rows.length - without;
	const left = nano - kept.reduce((sum, request) => sum + (request.nano ?? 0n), 0n);
	const line = (label: string, cost: OtherLine["cost"]): OtherLine => ({ kind: "serving", label, cost });
	return {
		rows,
		requests: {
			count,
			shown: rows.length,
			cost: unpriced.count === count && count > 0 ? unknownMoney(currency) : money(nano),
			...(unpriced.count === 0
				? {}
				: { unpriced: unpriced.count, coverage: tokens === 0 ? 0 : 1 - unpriced.tokens / tokens }),
		},
		rest: [
			...(others === 0 ? [] : [line(`${others} requests that cost less`, money(left))]),
			...(without === 0 ? [] : [line(`${without} requests whose cost is not known`, unknownMoney(currency))]),
		],
	};
}

function dearerFirst(a: RequestCost, b: RequestCost): number {
	const cost = byCost(a, b);
	if (cost !== 0) return cost;
	const [first, second] = [a.owner.request ?? "", b.owner.request ?? ""];
	return a.at - b.at || (first < second ? -1 : first > second ? 1 : 0);
}

/** Below 0 where the first is dearer; what is not known comes last. */
function byCost(a: RequestCost, b: RequestCost): number {
	if (a.nano === b.nano) return 0;
	if (a.nano === undefined || b.nano === undefined) return a.nano === undefined ? 1 : -1;
	return a.nano < b.nano ? 1 : -1;
}
