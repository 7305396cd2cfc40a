/** The one measurement that would narrow a prediction most: what the field says would be left of its range. */
import type { Calibration, ServingRow } from "@farthing/engine";

export interface Narrowing {
	readonly measure: string;
	/** Standard deviation of ln TPOT in the field now, and after that measurement. */
	readonly deviation: number;
	readonly deviation_after: number;
	/** Half the width of the 80% interval of ln TPOT, as the interval of `tpot` has it, now and after that measurement. */
	readonly half_width: number;
	readonly half_width_after: number;
	/** The best measurement at another load, which may be there already or cheaper to make. */
	readonly instead?: { readonly measure: string; readonly deviation_after: number };
}

/** Loads at which the same deployment might be measured instead. */
const OTHER_LOADS = [1 / 16, 1 / 4, 4, 16];

/** `widths`: deviations in half an 80% interval, as the row stands and where its own operating point is measured. */
export function narrowedBy(
	calibration: Calibration,
	row: ServingRow,
	deviation: number,
	widths: { readonly now: number; readonly measured: number },
): Narrowing | undefined {
	const after = (measured: ServingRow): number | undefined => calibration.deviationAfter(row, measured, "tpot");
	const own = after(row);
	if (own === undefined) return undefined;
	const others = OTHER_LOADS.map((factor) => Math.max(1, Math.round(row.concurrency * factor)))
		.filter((concurrency) => concurrency !== row.concurrency)
		.flatMap((concurrency) => {
			const left = after({ ...row, concurrency });
			return left === undefined ? [] : [{ concurrency, left }];
		})
		.sort((a, b) => a.left - b.left);
	const best = others[0];
	return {
		measure: `one run of this deployment at concurrency ${row.concurrency}, ${row.isl} in, ${row.osl} out`,
		deviation,
		deviation_after: own,
		half_width: widths.now * deviation,
		half_width_after: widths.measured * own,
		...(best !== undefined && {
			instead: { measure: `the same at concurrency ${best.concurrency}`, deviation_after: best.left },
		}),
	};
}
