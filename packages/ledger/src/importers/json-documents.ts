/** Formats whose records are JSON objects, one a value: the frame that all of them share. */
import type { ImportItem } from "./import-item.ts";
import type { Head, ImportContext, Importer, Source } from "./importer.ts";
import { isMembers, type JsonMembers } from "./json-fields.ts";
import { jsonValues } from "./source/json-values.ts";

export interface JsonFormat {
	readonly kind: string;
	readonly title: string;
	readonly detect: (head: Head) => number;
	readonly items: (value: JsonMembers, line: number, source: Source, context: ImportContext) => Iterable<ImportItem>;
}

export function jsonImporter({ kind, title, detect, items }: JsonFormat): Importer {
	return {
		kind,
		title,
		detect: (head) => (head.isJson ? detect(head) : 0),
		read: async function* (source, context) {
			for await (const item of jsonValues(source.bytes())) {
				if ("fault" in item) yield { kind: "quarantine", line: item.line, reason: item.fault, text: item.text };
				else if (isMembers(item.value)) yield* items(item.value, item.line, source, context);
				else yield { kind: "quarantine", line: item.line, reason: "expected a JSON object" };
			}
		},
	};
}

/** A piece set aside, with its beginning. */
export function aside(line: number, reason: string, value: unknown): ImportItem {
	return { kind: "quarantine", line, reason, text: JSON.stringify(value)?.slice(0, 200) ?? "" };
}

/** The fault of a figure that has to be a number from 0; undefined where it is one, or absent. */
export function rateFault(name: string, value: number | undefined): string | undefined {
	return value === undefined || (Number.isFinite(value) && value >= 0)
		? undefined
		: `${name} is ${value}: expected a number from 0`;
}
