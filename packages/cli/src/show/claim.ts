import type { ClaimAnswer, ClaimList, OwnClaimAnswer } from "@farthing/answers";
import { bad, bold, dim, good, textTable } from "../print.ts";
import { bare, counted, shown, shownRange } from "./words.ts";

export function claimListText({ claims }: ClaimList): string {
	const rows = claims.map(({ id, verdict, claim }) => [verdictText(verdict), id, claim]);
	const notes = claims.flatMap(({ id, conditions }) => [bold(id), ...conditions.map((words) => `  ${words}`)]);
	return [
		textTable(["verdict", "id", "claim"], rows),
		"",
		...notes,
		"",
		dim("Next: farthing claim ID shows origin, definition, arithmetic and sources of one of them"),
	].join("\n");
}

export function claimText(answer: ClaimAnswer): string {
	const gaps = Object.entries(answer.gaps).map(([name, reason]) => `  ${name}: ${reason}`);
	const tests = answer.tests
		.filter(({ words }) => words !== "")
		.map(
			({ passed, role, words }) => `  ${mark(passed)} ${words}${role === "claim" ? dim("  (the claim itself)") : ""}`,
		);
	return [
		`${bold(answer.claim)}: ${verdictText(answer.verdict)}`,
		dim(`said by ${answer.origin.who}, ${answer.origin.date}; ${answer.origin.conditions}`),
		`Tested as: ${answer.definition}`,
		"",
		figureTable(answer),
		...(gaps.length === 0 ? [] : ["", "Not known:", ...gaps]),
		"",
		`What holds (${good("✓")}), what breaks (${bad("✗")}) and what is not known (?):`,
		...tests,
		"",
		`Left out of the headline: ${answer.leaves_out.join("; ")}`,
		"Rests on:",
		...sourceLines(answer.sources),
		dim(answer.attribution),
		dim(`Next: farthing why ${Object.keys(answer.figures)[0] ?? "NODE"}`),
	].join("\n");
}

function figureTable({ figures, labels }: ClaimAnswer): string {
	const hasRange = Object.values(figures).some((value) => shownRange(value) !== "");
	const rows = Object.entries(figures).map(([name, value]) => [
		name,
		shown(value),
		...(hasRange ? [shownRange(value)] : []),
		value.grade ?? "",
		value.state ?? "",
		labels[name] ?? "",
	]);
	return textTable(["figure", "value", ...(hasRange ? ["P10–P90"] : []), "grade", "state", "what it is"], rows, [1]);
}

const SHOWN_SOURCES = 8;

/** One line a source, with how many facts are from it: `place: citation, date` of each fact, the place left out. */
function sourceLines(sources: readonly string[]): string[] {
	const counts = new Map<string, number>();
	for (const source of sources) {
		const citation = source
			.replace(/^[\w.-]+(?:\/[\w.-]+)*: /, "")
			.replace(/, run \d+/, "")
			.replace(/, \d{4}(?:-\d{2}){0,2}$/, "");
		counts.set(citation, (counts.get(citation) ?? 0) + 1);
	}
	const lines = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
	const shownLines = lines
		.slice(0, SHOWN_SOURCES)
		.map(([citation, n]) => dim(`  ${counted(n, "fact")} of ${citation}`));
	return lines.length > SHOWN_SOURCES
		? [...shownLines, dim(`  … ${counted(lines.length - SHOWN_SOURCES, "more source")}: --json`)]
		: shownLines;
}

export function ownClaimText(answer: OwnClaimAnswer): string {
	const required = answer.required.map(({ tier, load, gpu_hour, tokens_per_gpu_second, enough }) => [
		tier,
		shown(load),
		bare(gpu_hour),
		bare(tokens_per_gpu_second),
		enough === "unknown" ? "no row to compare" : enough ? "yes" : "no",
	]);
	const tiers = Object.keys(answer.rows[0]?.unit_cost ?? {});
	const rows = answer.rows.map((row) => [
		row.id,
		row.stack,
		row.precision,
		`${row.isl}/${row.osl}`,
		row.layout,
		String(row.concurrency),
		row.interactivity.toFixed(1),
		bare(row.tokens_per_gpu_second),
		...tiers.map((tier) => bare(row.unit_cost[tier])),
	]);
	const table = textTable(
		["row", "stack", "precision", "in/out", "layout", "conc", "tok/s/user", "tok/s/GPU", ...tiers],
		rows,
		[5, 6, 7, ...tiers.map((_, i) => 8 + i)],
	);
	return [
		`${bold(answer.claim)}: ${verdictText(answer.verdict)}`,
		...answer.conditions.map((words) => `  ${words}`),
		"",
		"Throughput that this price needs, by who pays for the GPU-hour and how much of the time it works:",
		textTable(["tier", "load", "$/GPU-hr", "tok/s/GPU needed", "measured"], required, [1, 2, 3]),
		"",
		...(rows.length === 0
			? []
			: [
					`Measured rows, highest throughput first (${answer.rows.length} of ${answer.rows_found}), with $/M at full load on each tier:`,
					table,
					dim("No limit on speed or TTFT is set here: tok/s/user says what a user of that row sees."),
				]),
		dim(answer.attribution),
	].join("\n");
}

function verdictText(verdict: string): string {
	if (verdict === "holds") return good(verdict);
	return verdict === "fails" ? bad(verdict) : bold(verdict);
}

function mark(passed: boolean | undefined): string {
	return passed === undefined ? "?" : passed ? good("✓") : bad("✗");
}
