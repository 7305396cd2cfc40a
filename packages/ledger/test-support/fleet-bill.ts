/** The bill of a made-up month: a row a day and node, reservations, electricity, shared services, a credit, a tax, a stray machine. */
import type { ChargeRecord } from "../src/records/charge.ts";
import type { Instant } from "../src/records/units.ts";
import { MICROS_PER_DAY, MICROS_PER_HOUR } from "../src/records/units.ts";
import type { FleetPart, FleetShape, FleetWindow } from "./fleet-shape.ts";
import { nodesOf } from "./fleet-shape.ts";

export function billOf(shape: FleetShape, window: FleetWindow): ChargeRecord[] {
	const nodes = shape.fleets.flatMap((part) => nodesOf(part).flatMap((node) => rowsOfNode(part, node, shape, window)));
	return [...nodes, ...sharedRows(window)];
}

/** A row a day; the price changes at the middle of the month, at noon where the month has an odd number of days. */
function rowsOfNode(part: FleetPart, node: string, shape: FleetShape, window: FleetWindow): ChargeRecord[] {
	const middle = window.from + (shape.days * MICROS_PER_DAY) / 2;
	const rows: ChargeRecord[] = [];
	for (let at: number = window.from; at < window.to; ) {
		const dayEnd = (Math.floor(at / MICROS_PER_DAY) + 1) * MICROS_PER_DAY;
		const end = at < middle && middle < dayEnd ? middle : dayEnd;
		const hours = (end - at) / MICROS_PER_HOUR;
		const cents = part.centsPerHour[at < middle ? 0 : 1] * hours;
		// A third of a cent more keeps sums from being round.
		const nano = BigInt(Math.round(cents * 10_000_000)) + 3_333_333n;
		rows.push(computeRow(part, node, { from: at as Instant, to: end as Instant }, hours, nano, shape, window));
		at = end;
	}
	if (part.basis === "reserved") rows.push(...reservationRows(part, node, rows, window));
	if (part.basis === "owned") rows.push(electricityRow(part, node, window));
	return rows;
}

function computeRow(
	part: FleetPart,
	node: string,
	span: FleetWindow,
	hours: number,
	nano: bigint,
	shape: FleetShape,
	window: FleetWindow,
): ChargeRecord {
	const isReserved = part.basis === "reserved";
	return rowOf(window, {
		currency: part.currency,
		billed: isReserved ? 0n : nano,
		effective: nano,
		category: "Usage",
		description: `${shape.gpusPerNode} x ${part.hardware}`,
		service: "Compute",
		span,
		more: {
			resource_id: part.basis === "on_demand" ? `arn:cloud:compute:east:instance/${node}` : node,
			resource_type: "Instance",
			pricing_category: isReserved ? "Committed" : "Standard",
			...(isReserved ? { commitment_discount_id: `ri-${node}`, columns: { CommitmentDiscountStatus: "Used" } } : {}),
			...(part.basis === "owned" ? { tags: { "farthing:basis": "owned" } } : {}),
			consumed_quantity: String(hours),
			consumed_unit: "Hours",
			sku_price_details: { GpuCount: String(shape.gpusPerNode) },
		},
	});
}

/** The fee is invoiced at once and is worth something hour by hour; some hours nobody used. */
function reservationRows(
	{ currency }: FleetPart,
	node: string,
	hours: readonly ChargeRecord[],
	window: FleetWindow,
): ChargeRecord[] {
	const used = hours.reduce((sum, { effective_cost }) => sum + effective_cost.nano, 0n);
	const unused = 12_345_678_901n;
	const common = { currency, service: "Compute" } as const;
	const commitment_discount_id = `ri-${node}`;
	return [
		rowOf(window, {
			...common,
			billed: used + unused,
			effective: 0n,
			category: "Purchase",
			description: `Reservation of ${node}, monthly fee`,
			more: { commitment_discount_id, pricing_category: "Committed" },
		}),
		rowOf(window, {
			...common,
			billed: 0n,
			effective: unused,
			category: "Usage",
			description: `Reservation of ${node}, hours not used`,
			more: { commitment_discount_id, columns: { CommitmentDiscountStatus: "Unused" } },
		}),
	];
}

function electricityRow({ currency }: FleetPart, node: string, window: FleetWindow): ChargeRecord {
	return rowOf(window, {
		currency,
		billed: 731_456_789_012n,
		effective: 731_456_789_012n,
		category: "Usage",
		description: `Electricity of ${node}`,
		service: "Compute",
		more: { resource_id: node, consumed_unit: "kWh", consumed_quantity: "4571.605" },
	});
}

function sharedRows(window: FleetWindow): ChargeRecord[] {
	const plain = (
		category: ChargeRecord["charge_category"],
		service: string,
		description: string,
		nano: bigint,
		currency = "USD",
		more: Partial<ChargeRecord> = {},
	): ChargeRecord => rowOf(window, { currency, billed: nano, effective: nano, category, description, service, more });
	return [
		plain("Usage", "Networking", "Data transfer out", 412_337_112_233n, "USD", { service_name: "Data transfer" }),
		plain("Usage", "Storage", "Model weights and caches", 96_070_000_001n, "USD", { service_name: "Object storage" }),
		plain("Credit", "Other", "Migration credit", -1_500_000_000_000n),
		plain("Tax", "Other", "VAT 19%", 2_207_110_500_777n, "EUR"),
		plain("Usage", "Compute", "Machine of a forgotten test", 73_440_000_000n, "USD", { resource_id: "i-forgotten" }),
	];
}

interface Row {
	readonly currency: string;
	readonly billed: bigint;
	readonly effective: bigint;
	readonly category: ChargeRecord["charge_category"];
	readonly description: string;
	readonly service: string;
	readonly span?: FleetWindow;
	readonly more?: Partial<ChargeRecord>;
}

function rowOf(window: FleetWindow, row: Row): ChargeRecord {
	const { currency, span = window } = row;
	return {
		charge_period_start: span.from,
		charge_period_end: span.to,
		billing_period_start: window.from,
		billing_period_end: window.to,
		billed_cost: { currency, nano: row.billed },
		effective_cost: { currency, nano: row.effective },
		list_cost: { currency, nano: row.effective },
		contracted_cost: { currency, nano: row.effective },
		charge_category: row.category,
		charge_description: row.description,
		billing_account_id: currency === "USD" ? "cloud-1" : "own-1",
		service_provider_name: currency === "USD" ? "Example Cloud" : "Example Data Centre",
		service_category: row.service,
		...row.more,
	};
}
