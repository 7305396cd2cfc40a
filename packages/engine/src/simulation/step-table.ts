/**
 * A step-time table of somebody's own: what single steps of an engine took, as CSV. Columns, in any order:
 *
 *   batch            sequences that decode in the step; 0 in a step of prompts alone
 *   context          mean tokens of context of these sequences; in a step of prompts alone, tokens that the prompt follows
 *   prefill_tokens   tokens of prompts that the step computes; 0 or empty in a step of decode alone
 *   seconds          what the step took
 *
 * Empty lines and those that begin with # are passed over. The step costs `d[B] + k·K + p·P + a·A` are fitted to it: k from the
 * steps of one batch at several contexts, d[B] at each batch that the table has and straight between them, p and a from the
 * steps with prompts; relative errors, none below 0. Nothing goes beyond the table: no larger batch, no more tokens in memory
 * or in a step than a row of it shows.
 */
import { nonNegativeLeastSquares } from "../numerics/non-negative-least-squares.ts";
import { secondsOfStep, type StepCosts } from "./step-costs.ts";

export interface StepRow {
	/** From 1, the heading counted. */
	readonly line: number;
	readonly batch: number;
	readonly context: number;
	readonly prefillTokens: number;
	readonly seconds: number;
}

export interface StepTableFault {
	readonly line: number;
	readonly column: number;
	readonly message: string;
	readonly expected: string;
}

export type ReadStepTable =
	| { readonly ok: true; readonly rows: readonly StepRow[] }
	| { readonly ok: false; readonly faults: readonly StepTableFault[] };

export interface TabulatedCosts {
	readonly costs: StepCosts;
	readonly rows: number;
	readonly largestBatch: number;
	/** Most tokens of context in the memory of one replica. */
	readonly kvTokens: number;
	/** Most tokens, decoded and prefilled, of one step. */
	readonly stepTokens: number;
	/** Contexts of the decoding sequences. */
	readonly leastContext: number;
	readonly mostContext: number;
	/** False where no batch has two contexts: a step is then as long at every context. */
	readonly knowsContext: boolean;
	readonly medianError: number;
	/** The row that the costs say worst, by its line. */
	readonly worst: { readonly line: number; readonly error: number };
}

const COLUMNS = ["batch", "context", "prefill_tokens", "seconds"] as const;
const HEADING = COLUMNS.join(",");
const FAULTS_KEPT = 50;

/** Rows of a table, or every fault with its place. */
export function readStepTable(text: string): ReadStepTable {
	const faults: StepTableFault[] = [];
	const rows: StepRow[] = [];
	let places: Places | undefined;
	let isHeaded = true;
	text
		.replace(/^\uFEFF/, "")
		.split(/\r?\n/)
		.forEach((written, i) => {
			if (written.trim() === "" || written.startsWith("#") || !isHeaded || faults.length >= FAULTS_KEPT) return;
			const cells = cellsOf(written);
			if (places === undefined) {
				places = placesOf(cells, i + 1, faults);
				isHeaded = faults.length === 0;
				return;
			}
			const row = rowOf(cells, places, i + 1, faults);
			if (row !== undefined) rows.push(row);
		});
	if (places === undefined) faults.push({ line: 1, column: 1, message: "the table has no line", expected: HEADING });
	else if (faults.length === 0) faults.push(...missingSteps(rows));
	return faults.length > 0 ? { ok: false, faults } : { ok: true, rows };
}

/** Step costs of a table that was read well. */
export function fitStepTable(rows: readonly StepRow[]): TabulatedCosts {
	const decode = rows.filter(({ batch, prefillTokens }) => batch > 0 && prefillTokens === 0);
	const slope = contextSlope(decode);
	const contextSeconds = slope ?? 0;
	const largestBatch = Math.max(...decode.map(({ batch }) => batch));
	const decodeSeconds = decodeTable(decode, contextSeconds, largestBatch);
	const { first, perToken, perContext } = prefillCosts(rows, decodeSeconds, contextSeconds);
	decodeSeconds[0] = first;
	const costs: StepCosts = {
		decodeSeconds,
		contextSeconds,
		prefillSeconds: perToken,
		prefillContextSeconds: perContext,
		requestSeconds: 0,
	};
	const errors = rows
		.map((row) => ({ line: row.line, error: Math.abs(secondsOf(costs, row) / row.seconds - 1) }))
		.sort((a, b) => a.error - b.error || b.line - a.line);
	const contexts = decode.map(({ context }) => context);
	return {
		costs,
		rows: rows.length,
		largestBatch,
		kvTokens: Math.max(...decode.map(({ batch, context }) => batch * context)),
		stepTokens: Math.max(...rows.map(({ batch, prefillTokens }) => batch + prefillTokens)),
		leastContext: Math.min(...contexts),
		mostContext: Math.max(...contexts),
		knowsContext: slope !== undefined,
		medianError: (errors[Math.floor(errors.length / 2)] as (typeof errors)[number]).error,
		worst: errors.at(-1) as (typeof errors)[number],
	};
}

interface Cell {
	readonly text: string;
	/** From 1. */
	readonly column: number;
}

type Places = Readonly<Record<(typeof COLUMNS)[number], number>>;

function cellsOf(line: string): Cell[] {
	let column = 1;
	return line.split(",").map((text) => {
		const cell = { text: text.trim(), column: column + (text.length - text.trimStart().length) };
		column += text.length + 1;
		return cell;
	});
}

function placesOf(cells: readonly Cell[], line: number, faults: StepTableFault[]): Places {
	const names = cells.map(({ text }) => text.toLowerCase());
	for (const name of COLUMNS) {
		if (names.includes(name)) continue;
		faults.push({ line, column: 1, message: `the heading has no column ${name}`, expected: HEADING });
	}
	names.forEach((name, i) => {
		const isKnown = (COLUMNS as readonly string[]).includes(name);
		if (isKnown && names.indexOf(name) === i) return;
		const message = isKnown ? `the column ${name} is there twice` : `"${name}" is no column of a step table`;
		faults.push({ line, column: (cells[i] as Cell).column, message, expected: HEADING });
	});
	return Object.fromEntries(COLUMNS.map((name) => [name, names.indexOf(name)])) as unknown as Places;
}

function rowOf(cells: readonly Cell[], places: Places, line: number, faults: StepTableFault[]): StepRow | undefined {
	if (cells.length !== COLUMNS.length) {
		const message = `found ${cells.length} values`;
		faults.push({ line, column: 1, message, expected: `${COLUMNS.length} values` });
		return undefined;
	}
	const before = faults.length;
	const read = (name: (typeof COLUMNS)[number], isWhole: boolean, least: number, empty?: number): number => {
		const { text, column } = cells[places[name]] as Cell;
		if (text === "" && empty !== undefined) return empty;
		const value = /^\d+(?:\.\d*)?(?:e[+-]?\d+)?$|^\.\d+$/i.test(text) ? Number(text) : Number.NaN;
		const expected = isWhole ? `a whole number from ${least}` : least > 0 ? "a number above 0" : "a number from 0";
		const fits = isWhole ? Number.isInteger(value) && value >= least && value <= MOST : value >= 0 && value <= MOST;
		if (fits && (least === 0 || value > 0)) return value;
		faults.push({ line, column, message: `${name} is ${JSON.stringify(text)}`, expected });
		return Number.NaN;
	};
	const batch = read("batch", true, 0);
	const prefillTokens = read("prefill_tokens", true, 0, 0);
	const context = read("context", false, 0, batch === 0 ? 0 : undefined);
	const seconds = read("seconds", false, 1);
	if (batch === 0 && prefillTokens === 0) {
		const { column } = cells[places.batch] as Cell;
		faults.push({ line, column, message: "nothing is decoded or prefilled", expected: "a batch or prefill_tokens" });
	}
	return faults.length > before ? undefined : { line, batch, context, prefillTokens, seconds };
}

const MOST = 1e9;

function missingSteps(rows: readonly StepRow[]): StepTableFault[] {
	const decodes = rows.some(({ batch, prefillTokens }) => batch > 0 && prefillTokens === 0);
	const prefills = rows.some(({ prefillTokens }) => prefillTokens > 0);
	const fault = (message: string, expected: string): StepTableFault => ({ line: 1, column: 1, message, expected });
	return [
		...(decodes ? [] : [fault("no row is a step of decode alone", "rows with a batch and no prefill_tokens")]),
		...(prefills ? [] : [fault("no row computes a prompt", "rows with prefill_tokens")]),
	];
}

/** k, by least squares on relative errors within each batch; undefined where no batch has two contexts. */
function contextSlope(decode: readonly StepRow[]): number | undefined {
	let [over, under] = [0, 0];
	for (const group of byBatch(decode).values()) {
		const mean = weightedMeans(group);
		for (const { batch, context, seconds } of group) {
			const away = batch * context - mean.tokens;
			over += (away * (seconds - mean.seconds)) / (seconds * seconds);
			under += (away * away) / (seconds * seconds);
		}
	}
	return under === 0 ? undefined : Math.max(0, over / under);
}

/** d[B] at the batches of the table and straight between them; below the first as at the first. */
function decodeTable(decode: readonly StepRow[], contextSeconds: number, largestBatch: number): Float64Array {
	const knots = [...byBatch(decode)]
		.map(([batch, group]) => {
			const mean = weightedMeans(group);
			return { batch, seconds: Math.max(0, mean.seconds - contextSeconds * mean.tokens) };
		})
		.sort((a, b) => a.batch - b.batch);
	const table = new Float64Array(largestBatch + 1);
	let at = 0;
	for (let batch = 1; batch <= largestBatch; batch++) {
		while (at < knots.length - 1 && (knots[at + 1] as Knot).batch <= batch) at++;
		const low = knots[at] as Knot;
		const high = knots[Math.min(at + 1, knots.length - 1)] as Knot;
		const share = batch <= low.batch || high === low ? 0 : (batch - low.batch) / (high.batch - low.batch);
		table[batch] = low.seconds + (high.seconds - low.seconds) * share;
	}
	return table;
}

interface Knot {
	readonly batch: number;
	readonly seconds: number;
}

function byBatch(rows: readonly StepRow[]): Map<number, StepRow[]> {
	const groups = new Map<number, StepRow[]>();
	for (const row of rows) groups.set(row.batch, [...(groups.get(row.batch) ?? []), row]);
	return groups;
}

/** Means with the weights of relative errors. */
function weightedMeans(group: readonly StepRow[]): { readonly tokens: number; readonly seconds: number } {
	let [weights, tokens, sum] = [0, 0, 0];
	for (const { batch, context, seconds } of group) {
		const weight = 1 / (seconds * seconds);
		weights += weight;
		tokens += weight * batch * context;
		sum += weight * seconds;
	}
	return { tokens: tokens / weights, seconds: sum / weights };
}

/** d[0], p and a from the steps with prompts; what the table cannot tell apart is p's. */
function prefillCosts(
	rows: readonly StepRow[],
	decodeSeconds: Float64Array,
	contextSeconds: number,
): { readonly first: number; readonly perToken: number; readonly perContext: number } {
	const equations = rows
		.filter(({ prefillTokens }) => prefillTokens > 0)
		.map((row) => {
			const { batch, context, prefillTokens, seconds } = row;
			const known = batch === 0 ? 0 : decodeAt(decodeSeconds, batch) + contextSeconds * batch * context;
			return {
				left: [batch === 0 ? 1 : 0, prefillTokens, beforeOf(row)],
				right: Math.max(0, seconds - known),
				seconds,
			};
		});
	const alone = equations.filter(({ left }) => left[0] === 1);
	const kinds = new Set(alone.map(({ left }) => left.join("/"))).size;
	const isTold = [kinds >= 2, true, kinds >= 3];
	const columns = [0, 1, 2].filter((column) => isTold[column]);
	const fitted = nonNegativeLeastSquares(
		equations.map(({ left, seconds }) => columns.map((column) => (left[column] as number) / seconds)),
		equations.map(({ right, seconds }) => right / seconds),
	);
	const of = (column: number): number => (isTold[column] ? (fitted[columns.indexOf(column)] as number) : 0);
	return { first: of(0), perToken: of(1), perContext: of(2) };
}

/** Σ over prompt tokens of the tokens that each follows. */
function beforeOf({ batch, context, prefillTokens }: StepRow): number {
	return prefillTokens * ((batch === 0 ? context : 0) + prefillTokens / 2);
}

function decodeAt(table: Float64Array, batch: number): number {
	return table[Math.min(batch, table.length - 1)] as number;
}

function secondsOf(costs: StepCosts, row: StepRow): number {
	const batch = Math.min(row.batch, costs.decodeSeconds.length - 1);
	return secondsOfStep(costs, batch, batch * (row.batch === 0 ? 0 : row.context), row.prefillTokens, beforeOf(row));
}
