/** Requests and their costs as lines of CSV (RFC 4180): amounts in full, so that the column adds up to the billionth; empty where nothing is known. */
import { formatAmount } from "../records/money.ts";
import { formatInstant } from "../records/units.ts";
import { computedOf, outputOf } from "./quantities-of-actuals.ts";
import type { RequestCost } from "./request-costs.ts";

export function requestCsvHeading(currency: string): string {
	const costs = ["cost", "cost_input", "cost_output"].map((name) => `${name}_${currency}`);
	return `${[...LABELS, ...TOKENS, ...costs, "gpu_seconds"].join(",")}\r\n`;
}

export function requestCsvLines(requests: readonly RequestCost[]): string {
	return requests.map((request) => `${fieldsOf(request).join(",")}\r\n`).join("");
}

const LABELS = ["at", "request", "status", "model", "deployment", "org", "team", "user", "key"] as const;
const TOKENS = ["input_tokens", "cached_input_tokens", "output_tokens"] as const;

function fieldsOf({ at, owner, status, tokens, nano, input, output, gpu }: RequestCost): (string | number)[] {
	const { request, model, deployment, org, team, user, key } = owner;
	const { cached_input, transferred } = tokens;
	const cached = cached_input === undefined ? "" : cached_input + (transferred ?? 0);
	const labels = [request, status, model, deployment, org, team, user, key].map((label) => field(label ?? ""));
	const costs = [nano, input, output].map((part) =>
		part === undefined ? "" : formatAmount({ currency: "", nano: part }),
	);
	return [
		formatInstant(at),
		...labels,
		computedOf(tokens),
		cached,
		outputOf(tokens),
		...costs,
		gpu === undefined ? "" : gpu / 1e6,
	];
}

/** A spreadsheet would run a label that begins like a formula: an apostrophe before it makes it a text again. */
function field(label: string): string {
	const text = /^\s*[=+\-@]/.test(label) ? `'${label}` : label;
	return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
