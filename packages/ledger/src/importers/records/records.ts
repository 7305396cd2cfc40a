/**
 * Records of the ledger as they are: a JSON object a line, `{"usage": {…}}`, `{"capacity": {…}}`, `{"price": {…}}` or
 * `{"charge": {…}}`, each as the JSON Schema `records.v1.json` has it. For what no other format carries: prices, GPUs that no
 * exporter watches, figures of one's own meters.
 */
import { capacityShape } from "../../records/capacity.ts";
import { chargeShape } from "../../records/charge.ts";
import { priceShape } from "../../records/price.ts";
import type { RecordShape } from "../../records/record-shape.ts";
import { readRecord } from "../../records/record-shape.ts";
import { usageShape } from "../../records/usage.ts";
import type { ImportItem } from "../import-item.ts";
import type { Head, Importer, Source } from "../importer.ts";
import { jsonValues } from "../source/json-values.ts";

export const ledgerRecords: Importer = {
	kind: "records",
	title: "records of the ledger, a JSON object a line",
	detect: ({ isJson, keys }: Head) => (isJson && keys.size === 1 && KINDS.some((kind) => keys.has(kind)) ? 0.99 : 0),
	read,
};

const KINDS = ["usage", "capacity", "price", "charge"] as const;

async function* read(source: Source): AsyncGenerator<ImportItem> {
	for await (const item of jsonValues(source.bytes())) {
		yield "fault" in item
			? { kind: "quarantine", line: item.line, reason: item.fault, text: item.text }
			: itemOf(item.value, item.line);
	}
}

function itemOf(value: unknown, line: number): ImportItem {
	const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
	const entries = isObject ? Object.entries(value) : [];
	const [kind, body] = entries.length === 1 ? (entries[0] as [string, unknown]) : ["", undefined];
	switch (kind) {
		case "usage":
			return checked(usageShape, body, line, (record) => ({ kind, record, line }));
		case "capacity":
			return checked(capacityShape, body, line, (record) => ({ kind, record, line }));
		case "price":
			return checked(priceShape, body, line, (record) => ({ kind, record, line }));
		case "charge":
			return checked(chargeShape, body, line, (record) => ({ kind, record, line }));
		default:
			return { kind: "quarantine", line, reason: `expected an object with one member: ${KINDS.join(", ")}` };
	}
}

function checked<T>(shape: RecordShape<T>, body: unknown, line: number, item: (record: T) => ImportItem): ImportItem {
	const found = readRecord(shape, body);
	if (found.ok) return item(found.record);
	const reason = found.issues
		.slice(0, 4)
		.map(({ message, expected }) => `${message} (expected ${expected})`)
		.join("; ");
	return { kind: "quarantine", line, reason };
}
