/** Words that choose benchmark rows and limits, shared by frontier, plan and simulate. */
import type { Catalogue } from "@farthing/catalogue";
import { second } from "@farthing/engine";
import { FarthingError } from "../farthing-error.ts";
import { hardwareNamed, precisionsNamed, stacksNamed } from "../names.ts";
import { rowsOfFlag, type RowWindowChoice } from "../rows.ts";
import type { TtftRule } from "../service-level.ts";
import { choiceFlag, dateFlag, onOffFlag, quantityFlag } from "./typed-words.ts";

export interface RowWords {
	readonly hardware?: readonly string[];
	readonly precision?: readonly string[];
	readonly stack?: readonly string[];
	readonly speculative?: readonly string[];
	readonly disaggregated?: string;
	readonly rowsBetween?: string;
	readonly row?: readonly string[];
	readonly card?: string;
	readonly tier?: string;
	readonly ttft?: string;
	readonly ttftStatistic?: string;
	readonly ttftUnknown?: string;
}

export interface RowChoice {
	readonly hardware?: readonly string[];
	readonly precision?: readonly string[];
	readonly stack?: readonly string[];
	readonly speculative?: readonly string[];
	readonly disaggregated?: boolean;
}

export function rowChoice(catalogue: Catalogue, flags: RowWords): RowChoice {
	const { hardware, precision, stack, speculative, disaggregated } = flags;
	return {
		...(hardware === undefined
			? {}
			: { hardware: hardware.map((name) => hardwareNamed(catalogue, name, { field: "--hardware" }).id) }),
		...(precision === undefined
			? {}
			: { precision: precision.flatMap((name) => precisionsNamed(catalogue, name, { field: "--precision" })) }),
		...(stack === undefined
			? {}
			: { stack: stack.flatMap((name) => stacksNamed(catalogue, name, { field: "--stack" })) }),
		...(speculative === undefined ? {} : { speculative }),
		...(disaggregated === undefined ? {} : { disaggregated: onOffFlag("--disaggregated", disaggregated) }),
	};
}

/** Rows named, days given, or neither: rows up to the day of the question. */
export function windowOf(flags: RowWords): RowWindowChoice {
	if (flags.row !== undefined) return { named: rowsOfFlag(flags.row) };
	if (flags.rowsBetween === undefined) return {};
	const [from, to, ...more] = flags.rowsBetween
		.split(/[\s,]+/)
		.filter((each) => each !== "")
		.map((each) => dateFlag("--rows-between", each));
	if (from !== undefined && to !== undefined && from <= to && more.length === 0) return { between: [from, to] };
	throw new FarthingError(
		2,
		"impossible-range",
		`--rows-between takes two days, the earlier first, not "${flags.rowsBetween}"`,
		{ field: "--rows-between", expected: "2025-12-01,2025-12-31" },
	);
}

const DEFAULT_TTFT_SECONDS = 5;
export const TTFT_STATISTICS = ["median", "p90", "p99", "mean"] as const;
export const TTFT_UNKNOWN = ["exclude", "accept"] as const;

/** Undefined where the limit is switched off with `--ttft any`. */
export function ttftRule(flags: RowWords): TtftRule | undefined {
	if (flags.ttft === "any") return undefined;
	const limit =
		flags.ttft === undefined
			? DEFAULT_TTFT_SECONDS
			: pointOf(quantityFlag("--ttft", flags.ttft, second, { bounds: { above: 0 } }));
	const { ttftStatistic: statistic = "median", ttftUnknown: unknown = "exclude" } = flags;
	return {
		limitSeconds: limit,
		statistic: choiceFlag("--ttft-statistic", statistic, TTFT_STATISTICS),
		unknown: choiceFlag("--ttft-unknown", unknown, TTFT_UNKNOWN),
	};
}

function pointOf(of: ReturnType<typeof quantityFlag>): number {
	if (of.kind === "point") return of.value;
	throw new FarthingError(2, "wrong-type", "--ttft takes one time, not a range", {
		field: "--ttft",
		expected: "one time, such as 5s",
	});
}
