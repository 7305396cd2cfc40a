import { formatQuantity } from "@farthing/engine";
import type { ImportResult } from "@farthing/ledger/importers";
import { bad, bold, dim, textTable } from "../print.ts";
import { counted, shown } from "./words.ts";

export function importText(result: ImportResult & { readonly quarantine_file?: string }): string {
	return [
		`${bold(result.kind)}: ${counted(result.records, "record")} read, ${result.quarantined === 0 ? "none" : bad(formatQuantity(result.quarantined, ""))} set aside, coverage ${formatQuantity(result.coverage * 100, "%")}`,
		...(result.files.length > 1 ? ["", filesText(result)] : []),
		"",
		totalsText(result),
		...listText(
			"left out",
			result.skipped.map(({ reason, count }) => `${counted(count, "time")}: ${reason}`),
		),
		...listText(
			"without what they should say",
			(result.uncounted ?? []).map(({ reason, count }) => `${counted(count, "time")}: ${reason}`),
		),
		...listText(
			"not known",
			result.unknown.map(({ name, count }) => (count > 1 ? `${name} (${count})` : name)),
		),
		...listText(
			"set aside",
			(result.faults ?? []).map(
				({ file, line, reason }) => `${file ?? ""}${line === undefined ? "" : `:${line}`}: ${reason}`,
			),
		),
		...(result.stored === undefined ? [] : ["", storedText(result.stored)]),
		...(result.quarantine_file === undefined ? [] : [dim(`all that was set aside: ${result.quarantine_file}`)]),
	].join("\n");
}

function totalsText({ totals }: ImportResult): string {
	const { tokens, cost, requests, gpu_seconds, energy, gpus, power } = totals;
	const named = { requests, ...tokens, gpu_seconds, energy, gpus, power, ...cost };
	const rows = Object.entries(named).flatMap(([name, value]) =>
		value === undefined
			? []
			: [
					[
						name.replaceAll("_", " "),
						shown(value),
						value.state === "modelled" ? dim("upper limit: cached tokens are not told apart") : "",
					],
				],
	);
	return rows.length === 0 ? dim("no totals in this source") : textTable(["total", "", ""], rows, [1]);
}

function storedText({
	store,
	usage,
	capacity,
	charges,
	prices,
	already_there: known = 0,
}: NonNullable<ImportResult["stored"]>): string {
	const named: [number, string][] = [
		[usage, "usage record"],
		[capacity, "capacity record"],
		[charges, "row of a bill"],
		[prices, "price"],
	];
	const some = named
		.filter(([n]) => n > 0)
		.map(([n, name]) => counted(n, name).replace("row of a bills", "rows of a bill"));
	if (some.length === 0) return dim("nothing in it for the ledger");
	const there =
		known === 0
			? ""
			: known === usage + capacity + charges + prices
				? ", all of it there already"
				: `, ${formatQuantity(known, "")} of it there already`;
	return `${some.join(", ")} in the ledger ${store}${there}`;
}

function filesText({ files }: ImportResult): string {
	const rows = files.map(({ file, kind, records, quarantined }) => [
		file,
		kind,
		formatQuantity(records, ""),
		formatQuantity(quarantined, ""),
	]);
	return textTable(["file", "format", "read", "set aside"], rows, [2, 3]);
}

const SHOWN = 12;

function listText(title: string, lines: readonly string[]): string[] {
	if (lines.length === 0) return [];
	const more = lines.length > SHOWN ? [dim(`  and ${lines.length - SHOWN} more`)] : [];
	return ["", dim(title), ...lines.slice(0, SHOWN).map((line) => `  ${line}`), ...more];
}
