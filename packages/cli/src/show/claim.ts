import type { ClaimAnswer, ClaimList, OwnClaimAnswer } from "@farthing/answers";
import { bad, bold, dim, good, textTable } from "../print.ts";
import { bare, shown, shownRange } from "./words.ts";

export function claimListText({ claims }: ClaimList): string {
	const rows = claims.map(({ id, verdict, claim }) => [verdictText(verdict), id, claim]);
	const notes = claims.flatMap(({ id, conditions }) => [`${bold(id)}`, ...conditions.map((words) => `  ${words}`)]);
	return [textTable(["verdict", "id", "claim"], rows), "", ...notes, "", dim("farthing claim ID shows origin, arithmetic and what breaks it")].join("\n");
}

export function claimText(answer: ClaimAnswer): string {
	const figures = Object.entries(answer.figures).map(([name, value]) => [name, shown(value), shownRange(value), value.grade ?? "", value.state ?? "", answer.labels[name] ?? ""]);
	const gaps = Object.entries(answer.gaps).map(([name, reason]) => `  ${name}: ${reason}`);
	const tests = answer.tests.filter(({ words }) => words !== "").map(({ passed, role, words }) => `  ${mark(passed)} ${words}${role === "claim" ? dim("  (the claim itself)") : ""}`);
	return [
		`${bold(answer.claim)}: ${verdictText(answer.verdict)}`,
		dim(`said by ${answer.origin.who}, ${answer.origin.date}; ${answer.origin.conditions}`),
		`Tested as: ${answer.definition}`,
		"",
		textTable(["figure", "value", "P10–P90", "grade", "state", "what it is"], figures, [1]),
		...(gaps.length === 0 ? [] : ["", "Not known:", ...gaps]),
		"",
		"What holds and what breaks:",
		...tests,
		"",
		`Left out of the headline: ${answer.leaves_out.join("; ")}`,
		dim(`Ends at: ${answer.sources.slice(0, 6).join(" | ")}${answer.sources.length > 6 ? ` | … ${answer.sources.length - 6} more` : ""}`),
		dim(answer.attribution),
	].join("\n");
}

export function ownClaimText(answer: OwnClaimAnswer): string {
	const required = answer.required.map(({ tier, load, gpu_hour, tokens_per_gpu_second, enough }) => [tier, shown(load), bare(gpu_hour), bare(tokens_per_gpu_second), enough === "unknown" ? "no row" : enough ? "measured" : "not measured"]);
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
	return [
		`${bold(answer.claim)}: ${verdictText(answer.verdict)}`,
		...answer.conditions.map((words) => `  ${words}`),
		"",
		"What it needs:",
		textTable(["tier", "load", "$/GPU-hr", "tok/s/GPU needed", "highest row"], required, [1, 2, 3]),
		"",
		`Measured rows, highest throughput first (${answer.rows.length} of ${answer.rows_found}), $/M at full load:`,
		textTable(["row", "stack", "precision", "in/out", "layout", "conc", "tok/s/user", "tok/s/GPU", ...tiers], rows, [5, 6, 7, 8, 9, 10]),
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
