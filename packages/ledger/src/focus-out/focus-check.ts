import { parseDecimal } from "../records/money.ts";
import { parseInstant } from "../records/units.ts";
import type { FocusColumn } from "./focus-rules.ts";
import { FOCUS_RULES } from "./focus-rules.ts";

/** A row of a bill by column id; an absent cell is null. */
export type FocusRow = Readonly<Record<string, string>>;

export interface FocusFault {
	/** Place of the row, from 0; absent where the columns as such are at fault. */
	readonly row?: number;
	readonly column: string;
	readonly message: string;
}

/** What breaks the column rules: columns that must be there, nulls, data types, and amounts that contradict each other. */
export function focusFaults(columns: readonly string[], rows: readonly FocusRow[]): FocusFault[] {
	const faults: FocusFault[] = [];
	for (const { id, level } of FOCUS_RULES.values()) {
		if (level === "Mandatory" && !columns.includes(id))
			faults.push({ column: id, message: "a mandatory column is missing" });
	}
	for (const column of columns) {
		if (FOCUS_RULES.has(column) || /^x_[A-Z]/.test(column)) continue;
		faults.push({ column, message: "no column of FOCUS 1.4 or 1.5, and without the x_ of own columns" });
	}
	rows.forEach((row, i) => {
		for (const column of columns) {
			const rule = FOCUS_RULES.get(column);
			const message = rule === undefined ? undefined : cellFault(rule, row[column]);
			if (message !== undefined) faults.push({ row: i, column, message });
		}
		faults.push(...rowFaults(row).map((fault) => ({ ...fault, row: i })));
	});
	return faults;
}

function cellFault({ dataType, allowsNulls, level }: FocusColumn, cell: string | undefined): string | undefined {
	if (cell === undefined || cell === "") {
		return allowsNulls || level !== "Mandatory" ? undefined : "null in a column that allows none";
	}
	switch (dataType) {
		case "Decimal":
			return parseDecimal(cell) === undefined ? "no decimal" : undefined;
		case "Date/Time":
			return cell.endsWith("Z") && parseInstant(cell) !== undefined ? undefined : "no UTC time of ISO 8601";
		case "JSON":
			return isJsonObject(cell) ? undefined : "no JSON object";
		case "String":
			return undefined;
	}
}

function rowFaults(row: FocusRow): Omit<FocusFault, "row">[] {
	const faults: Omit<FocusFault, "row">[] = [];
	const ordered = (from: string, to: string): void => {
		if ((row[from] ?? "") < (row[to] ?? "")) return;
		faults.push({ column: to, message: `is not after ${from}` });
	};
	ordered("ChargePeriodStart", "ChargePeriodEnd");
	ordered("BillingPeriodStart", "BillingPeriodEnd");
	if (!/^[A-Z]{3}$/.test(row["BillingCurrency"] ?? "")) {
		faults.push({ column: "BillingCurrency", message: "no ISO 4217 code" });
	}
	if (!CATEGORIES.has(row["ChargeCategory"] ?? "")) faults.push({ column: "ChargeCategory", message: "no category" });
	const isAllocated = row["AllocatedResourceId"] !== undefined || row["AllocatedTags"] !== undefined;
	if (isAllocated && row["AllocatedMethodId"] === undefined) {
		faults.push({ column: "AllocatedMethodId", message: "a split row has to name its method" });
	}
	for (const [unit, quantity] of [
		["PricingUnit", "PricingQuantity"],
		["ConsumedUnit", "ConsumedQuantity"],
	] as const) {
		if ((row[unit] === undefined) !== (row[quantity] === undefined)) {
			faults.push({ column: unit, message: `goes with ${quantity}` });
		}
	}
	return faults;
}

const CATEGORIES: ReadonlySet<string> = new Set(["Usage", "Purchase", "Tax", "Credit", "Adjustment"]);

function isJsonObject(cell: string): boolean {
	try {
		const value: unknown = JSON.parse(cell);
		return typeof value === "object" && value !== null && !Array.isArray(value);
	} catch {
		return false;
	}
}
