/** Rows of bills that came again from another file, as where a bill was exported anew: each counts once. */
import type { ChargeRecord } from "./charge.ts";
import { formatInstant } from "./units.ts";

export interface FiledCharge {
	/** The same for all rows of one file. */
	readonly file: string;
	readonly charge: ChargeRecord;
}

export interface ChargesOnce {
	readonly charges: readonly ChargeRecord[];
	/** Rows left out. */
	readonly repeated: number;
}

/** Within one file equal rows are charges of their own: of each a bill has as many as the file that has most. */
export function chargesOnce(rows: readonly FiledCharge[]): ChargesOnce {
	const inFile = new Map<string, number>();
	const kept = new Map<string, number>();
	const charges = rows.flatMap(({ file, charge }): ChargeRecord[] => {
		const key = keyOf(charge);
		const place = JSON.stringify([file, key]);
		const n = (inFile.get(place) ?? 0) + 1;
		inFile.set(place, n);
		if (n <= (kept.get(key) ?? 0)) return [];
		kept.set(key, n);
		return [charge];
	});
	return { charges, repeated: rows.length - charges.length };
}

/** What a charge is of, and how much; how an export writes its numbers and other columns is no part of it. */
function keyOf(charge: ChargeRecord): string {
	const { billed_cost, effective_cost, tags = {} } = charge;
	return JSON.stringify([
		charge.service_provider_name,
		charge.billing_account_id,
		charge.sub_account_id,
		charge.resource_id,
		charge.region_id,
		charge.service_name,
		charge.sku_id,
		formatInstant(charge.charge_period_start),
		formatInstant(charge.charge_period_end),
		charge.charge_category,
		charge.charge_class,
		charge.charge_description,
		billed_cost.currency,
		String(billed_cost.nano),
		String(effective_cost.nano),
		Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)),
	]);
}
