/**
 * Bills in FOCUS 1.0 to 1.4 (Cost and Usage), CSV or Parquet. Every column is kept: those that are reckoned with are
 * typed, the others stay under their name. Providers that still write ProviderName are read as 1.3's ServiceProviderName.
 */
import { formatAmount, parseAmountNearest, parseDecimal } from "../../records/money.ts";
import type { ChargeRecord } from "../../records/charge.ts";
import type { ImportItem, TokenFigures } from "../import-item.ts";
import type { Head, Importer, ImportContext, Source } from "../importer.ts";
import { nested, present } from "../json-fields.ts";
import { chargeItem } from "../record-items.ts";
import { csvRows } from "../source/csv-rows.ts";
import { isoTime, lacksZone } from "../times.ts";
import { FOCUS_COLUMNS, focusVersion } from "./focus-columns.ts";

export const focusCsv: Importer = {
	kind: "focus",
	title: "a bill in FOCUS 1.0 to 1.4",
	detect: ({ cells }: Head) => {
		const has = (name: string): boolean => cells.includes(name);
		return has("BilledCost") && has("ChargePeriodStart")
			? 0.98
			: has("EffectiveCost") && has("BillingCurrency")
				? 0.7
				: 0;
	},
	read,
};

async function* read(source: Source, context: ImportContext): AsyncGenerator<ImportItem> {
	let reader: FocusReader | undefined;
	for await (const item of csvRows(source.bytes())) {
		if ("fault" in item) yield { kind: "quarantine", line: item.line, reason: item.fault, text: item.text };
		else if (reader === undefined) {
			reader = new FocusReader(item.cells, context);
			yield* reader.heading();
		} else yield* reader.row(item.cells, item.line);
	}
	if (reader !== undefined) yield* reader.end();
}

const TYPED: Readonly<Record<string, keyof ChargeRecord>> = {
	ChargeCategory: "charge_category",
	ChargeClass: "charge_class",
	ChargeDescription: "charge_description",
	BillingAccountId: "billing_account_id",
	SubAccountId: "sub_account_id",
	InvoiceId: "invoice_id",
	ServiceProviderName: "service_provider_name",
	ServiceCategory: "service_category",
	ServiceName: "service_name",
	ResourceId: "resource_id",
	ResourceType: "resource_type",
	RegionId: "region_id",
	SkuId: "sku_id",
	SkuMeter: "sku_meter",
	PricingCategory: "pricing_category",
	CommitmentDiscountId: "commitment_discount_id",
	ConsumedQuantity: "consumed_quantity",
	ConsumedUnit: "consumed_unit",
	PricingQuantity: "pricing_quantity",
	PricingUnit: "pricing_unit",
};
const COSTS = {
	BilledCost: "billed_cost",
	EffectiveCost: "effective_cost",
	ListCost: "list_cost",
	ContractedCost: "contracted_cost",
} as const;
const TIMES = {
	ChargePeriodStart: "charge_period_start",
	ChargePeriodEnd: "charge_period_end",
	BillingPeriodStart: "billing_period_start",
	BillingPeriodEnd: "billing_period_end",
} as const;

/** Rows under one heading. */
export class FocusReader {
	private readonly columns: readonly string[];
	private readonly context: ImportContext;
	private zoneless = false;
	private readonly billed = new Map<string, bigint>();
	private readonly effective = new Map<string, bigint>();
	private readonly tokens: Record<string, number> = {};

	constructor(columns: readonly string[], context: ImportContext) {
		this.columns = columns.map((name) => name.trim());
		this.context = context;
	}

	*heading(): Generator<ImportItem> {
		for (const name of this.columns) {
			if (FOCUS_COLUMNS[name] === undefined && !name.startsWith("x_")) yield { kind: "unknown", name };
		}
		yield { kind: "figures", figures: { details: { focus_version: focusVersion(this.columns) } } };
	}

	*row(cells: readonly string[], line: number): Generator<ImportItem> {
		const text = (): string => cells.join(",").slice(0, 200);
		if (cells.length !== this.columns.length) {
			const reason = `${cells.length} cells under a heading of ${this.columns.length}`;
			yield { kind: "quarantine", line, reason, text: text() };
			return;
		}
		// The text NULL stands for null in exports of databases.
		const values: Record<string, string> = Object.fromEntries(
			this.columns.flatMap((name, i) => {
				const value = cells[i] as string;
				return value === "" || value === "NULL" || value === "null" ? [] : [[name, value]];
			}),
		);
		const made = chargeItem(this.jsonOf(values), line);
		if (made.kind === "charge") this.add(made.record);
		yield made.kind === "quarantine" ? { ...made, text: text() } : made;
	}

	*end(): Generator<ImportItem> {
		const money = (of: "billed" | "effective", sums: ReadonlyMap<string, bigint>) =>
			[...sums].map(([currency, nano]) => ({ of, amount: { currency, nano } }));
		yield {
			kind: "figures",
			figures: {
				money: [...money("billed", this.billed), ...money("effective", this.effective)],
				...(Object.keys(this.tokens).length === 0 ? {} : { tokens: this.tokens as TokenFigures }),
			},
		};
		if (this.zoneless) {
			const message = "times without a zone were taken as UTC, as FOCUS has them";
			yield { kind: "warning", code: "zone-assumed", message };
		}
	}

	private jsonOf(values: Readonly<Record<string, string>>): Record<string, unknown> {
		const currency = values["BillingCurrency"] ?? "";
		const costs = Object.entries(COSTS).flatMap(([column, member]) => {
			const value = values[column];
			if (value === undefined) return [];
			const amount = parseAmountNearest(value, currency);
			return [[member, amount === undefined ? value : { value: formatAmount(amount), currency }]];
		});
		const times = Object.entries(TIMES).map(([column, member]) => {
			this.zoneless ||= lacksZone(values[column]);
			return [member, isoTime(values[column], this.context.zoneMinutes) ?? values[column]];
		});
		const typed = Object.entries(TYPED).map(([column, member]) => [member, values[column]]);
		const provider = values["ServiceProviderName"] ?? values["ProviderName"] ?? values["PublisherName"];
		const rest = Object.entries(values).filter(
			([column]) =>
				TYPED[column] === undefined &&
				!(column in COSTS) &&
				!(column in TIMES) &&
				!["BillingCurrency", "Tags", "SkuPriceDetails"].includes(column),
		);
		return present({
			...Object.fromEntries(times),
			...Object.fromEntries(costs),
			...Object.fromEntries(typed),
			service_provider_name: provider,
			tags: texts(values["Tags"]),
			sku_price_details: texts(values["SkuPriceDetails"]),
			columns: rest.length === 0 ? undefined : Object.fromEntries(rest),
		});
	}

	private add(charge: ChargeRecord): void {
		const { billed_cost: billed, effective_cost: effective } = charge;
		this.billed.set(billed.currency, (this.billed.get(billed.currency) ?? 0n) + billed.nano);
		this.effective.set(effective.currency, (this.effective.get(effective.currency) ?? 0n) + effective.nano);
		const kind = tokensBilled(charge);
		if (kind === undefined) return;
		// What is written to the cache was computed too.
		for (const member of kind.member === "cacheWrite" ? ["cacheWrite", "input"] : [kind.member]) {
			this.tokens[member] = (this.tokens[member] ?? 0) + kind.tokens;
		}
	}
}

/** Tokens of a charge for a model, by the keys that 1.5 proposes, else by the words of its meter. */
function tokensBilled(charge: ChargeRecord): { member: keyof TokenFigures; tokens: number } | undefined {
	const { consumed_unit: unit, consumed_quantity: quantity, sku_price_details: details, sku_meter: meter } = charge;
	if (unit === undefined || quantity === undefined || !/^tokens?$/i.test(unit) || charge.charge_category !== "Usage")
		return undefined;
	const exact = parseDecimal(quantity);
	if (exact === undefined || exact.denominator !== 1n || exact.numerator < 0n) return undefined;
	const tokens = Number(exact.numerator);
	const words = `${meter ?? ""} ${charge.charge_description ?? ""}`.toLowerCase();
	const direction =
		details?.["TokenDirection"]?.toLowerCase() ??
		(words.includes("output") ? "output" : words.includes("input") ? "input" : undefined);
	const action =
		details?.["TokenCacheAction"]?.toLowerCase() ??
		(/cache writ|write cache/.test(words) ? "write" : /cache/.test(words) ? "read" : "uncached");
	if (direction === "output") return { member: "output", tokens };
	if (direction !== "input") return undefined;
	return { member: action === "read" ? "cachedInput" : action === "write" ? "cacheWrite" : "input", tokens };
}

/** A JSON object in a cell, its values as text. */
function texts(cell: string | undefined): Record<string, string> | undefined {
	const read = nested(cell);
	if (read === undefined) return undefined;
	return Object.fromEntries(
		Object.entries(read).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
	);
}
