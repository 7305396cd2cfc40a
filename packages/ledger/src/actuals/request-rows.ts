/** The dearest requests of an answer as rows, and how much all others cost. */
import { formatInstant } from "../records/units.ts";
import { ownerBy } from "../attribution/line-sums.ts";
import type { Dimension } from "../attribution/attributed-line.ts";
import type { ActualsRow, OtherLine, RequestsJson } from "./actuals-json.ts";
import { shower, deliveredOf, computedOf, outputOf } from "./quantities-of-actuals.ts";
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
	/** Of all: how many, and what they cost, in billionths of the currency. */
	readonly count: number;
	readonly nano: bigint;
}

export function dearestRequests(most: number): DearestRequests {
	let kept: RequestCost[] = [];
	let [count, nano] = [0, 0n];
	// Sorted only now and then, so that a long list costs little more than a look at each.
	const cut = (): void => {
		kept = kept.sort(dearerFirst).slice(0, most);
	};
	return {
		add(requests) {
			const least = kept.length < most ? undefined : kept[most - 1];
			for (const request of requests) {
				count++;
				nano += request.nano;
				if (least === undefined || request.nano >= least.nano) kept.push(request);
			}
			if (kept.length >= most) cut();
		},
		priced() {
			cut();
			return { kept, count, nano };
		},
	};
}

export interface RequestParts {
	readonly rows: readonly ActualsRow[];
	readonly requests: RequestsJson;
	/** The cost of the requests that are not among the rows; absent where all are. */
	readonly rest?: OtherLine;
}

export function requestParts(
	found: Actuals,
	priced: PricedRequests,
	by: readonly Dimension[],
	coverage: number,
): RequestParts {
	const show = shower(found);
	const { currency } = found.question;
	const money = (nano: bigint) => show.shared({ currency, nano });
	const { kept, count, nano } = priced;
	const rows = kept.map(({ at, owner, status, tokens, nano: cost, input, output, gpu }): ActualsRow => {
		const [delivered, computed, made] = [deliveredOf(tokens), computedOf(tokens), outputOf(tokens)];
		const per = (part: bigint, n: number, kind: string) => show.unitCost({ currency, nano: part }, n, kind);
		return {
			...ownerBy(owner, by),
			at: formatInstant(at),
			...(status === undefined ? {} : { status }),
			tokens: show.tokens(tokens),
			cost: money(cost),
			...(delivered === 0 ? {} : { unit_cost: per(cost, delivered, "total") }),
			...(computed === 0 && made === 0
				? {}
				: {
						by_tokens: {
							...(computed === 0 ? {} : { input: per(input, computed, "input") }),
							...(made === 0 ? {} : { output: per(output, made, "output") }),
						},
					}),
			gpu_hours: show.gpuHours(gpu),
			coverage,
		};
	});
	const others = count - rows.length;
	const left = nano - kept.reduce((sum, request) => sum + request.nano, 0n);
	return {
		rows,
		requests: { count, shown: rows.length, cost: money(nano) },
		...(others === 0
			? {}
			: { rest: { kind: "serving", label: `${others} requests that cost less`, cost: money(left) } }),
	};
}

function dearerFirst(a: RequestCost, b: RequestCost): number {
	if (a.nano !== b.nano) return a.nano < b.nano ? 1 : -1;
	const [first, second] = [a.owner.request ?? "", b.owner.request ?? ""];
	return a.at - b.at || (first < second ? -1 : first > second ? 1 : 0);
}
