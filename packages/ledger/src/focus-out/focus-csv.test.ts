import { describe, expect, it } from "vitest";
import { fleetMonth, OCTOBER } from "../../test-support/fleet-month.ts";
import { focusCsv as focusImporter } from "../importers/focus/focus.ts";
import type { ChargeRecord } from "../records/charge.ts";
import { chargeRow } from "./charge-row.ts";
import { focusFaults } from "./focus-check.ts";
import { focusColumns, focusCsv } from "./focus-csv.ts";
import { FOCUS_RULES } from "./focus-rules.ts";

const month = fleetMonth({ ...OCTOBER, days: 2, stepHours: 24, gpusPerNode: 1 });

describe("a bill in FOCUS 1.4", () => {
	it("keeps the column rules", () => {
		const rows = month.charges.map(chargeRow);
		expect(focusFaults(focusColumns(rows), rows)).toEqual([]);
	});

	it("comes back from its CSV as the same rows, amounts to the billionth", async () => {
		const text = focusCsv(month.charges.map(chargeRow));
		const bytes = async function* (): AsyncGenerator<Uint8Array> {
			yield new TextEncoder().encode(text);
		};
		const read: ChargeRecord[] = [];
		for await (const item of focusImporter.read({ name: "bill", bytes }, {})) {
			if (item.kind === "charge") read.push(item.record);
			expect(item.kind).not.toBe("quarantine");
		}
		expect(read.length).toBe(month.charges.length);
		read.forEach((charge, i) => {
			const { columns: _, ...given } = month.charges[i] as ChargeRecord;
			expect(charge).toMatchObject(given);
		});
	});

	it("quotes what CSV has to quote", () => {
		const text = focusCsv([{ BilledCost: "1", ChargeDescription: 'a "b", c\nd' }]);
		expect(text).toContain('"a ""b"", c\nd"');
	});
});

describe("focusFaults", () => {
	const [first] = month.charges.map(chargeRow);
	const row = first ?? {};
	const faultsOf = (change: Record<string, string | undefined>): string[] => {
		const changed = Object.fromEntries(
			Object.entries({ ...row, ...change }).filter((entry): entry is [string, string] => entry[1] !== undefined),
		);
		return focusFaults(focusColumns([changed]), [changed]).map(({ column, message }) => `${column}: ${message}`);
	};

	it.each([
		["BilledCost", "free", "BilledCost: no decimal"],
		["BilledCost", undefined, "BilledCost: null in a column that allows none"],
		["ChargePeriodStart", "2026-10-01", "ChargePeriodStart: no UTC time of ISO 8601"],
		["Tags", "[1]", "Tags: no JSON object"],
		["Colour", "red", "Colour: no column of FOCUS 1.4 or 1.5, and without the x_ of own columns"],
		["BillingCurrency", "dollars", "BillingCurrency: no ISO 4217 code"],
		["ChargeCategory", "Fun", "ChargeCategory: no category"],
		["AllocatedResourceId", "team-a", "AllocatedMethodId: a split row has to name its method"],
		["ConsumedUnit", undefined, "ConsumedUnit: goes with ConsumedQuantity"],
		["ChargePeriodEnd", "2026-09-30T00:00:00Z", "ChargePeriodEnd: is not after ChargePeriodStart"],
	])("finds a wrong %s", (column, value, expected) => {
		expect(faultsOf({ [column]: value })).toContain(expected);
	});

	it("misses a mandatory column", () => {
		const columns = focusColumns([row]).filter((column) => column !== "ServiceProviderName");
		expect(focusFaults(columns, []).map(({ column }) => column)).toEqual(["ServiceProviderName"]);
	});

	it("knows 65 columns of 1.4 and three drafts", () => {
		const rules = [...FOCUS_RULES.values()];
		expect(rules.filter(({ isDraft }) => !isDraft).length).toBe(65);
		expect(rules.filter(({ isDraft }) => isDraft).map(({ id }) => id)).toEqual([
			"CredentialDetails",
			"CredentialId",
			"PrincipalId",
		]);
	});
});
