/** What is read of a saved result must be there, as it was written: a file that was edited is not told as if it were whole. */
import type { Evaluation } from "@farthing/engine";
import { type AnyUnit, evaluate, modelFromJson } from "@farthing/engine";
import type { Envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";

declare const isSound: unique symbol;

/** A result that may be answered from: made just now, or saved and as it was written. Nothing else gets in. */
export type SoundResult = Envelope<unknown> & { readonly [isSound]: true };

/** Of an answer of this program, which nobody had in hand between. */
export function freshResult(answer: Envelope<unknown>): SoundResult {
	return answer as SoundResult;
}

/** Throws exit 2 that names the member which is missing, of another kind, or other than the graph says, in `file`. */
export function soundResult(saved: Envelope<unknown>, file?: string): SoundResult {
	try {
		requireSoundResult(saved);
		return saved as SoundResult;
	} catch (error) {
		if (file === undefined || !(error instanceof FarthingError)) throw error;
		const { exit, code } = error;
		const { message, detail } = error.given;
		throw new FarthingError(exit, code, message, { file, ...detail });
	}
}

function requireSoundResult(saved: Envelope<unknown>): void {
	for (const name of ["id", "as_of", "catalogue", "definitions"]) text(saved, name, "");
	for (const [i, each] of list(saved, "warnings", "").entries()) text(each, "message", `warnings[${i}]`);
	const result = member(saved, "result", "", isObject, "an object");
	if (saved.command === "plan") requirePlan(result);
	quantitiesIn(result, "result", (of, at) => {
		if (of["value"] !== undefined && !Number.isFinite(of["value"]))
			throw damaged(`${at}.value`, of["value"], "a number");
	});
	if (saved.graph === undefined) return;
	const graph = evaluationOf(saved.graph);
	requireComputed(graph);
	requireGraph(result, graph);
}

type Json = Readonly<Record<string, unknown>>;

function requirePlan(result: Json): void {
	if (result["options"] === undefined && result["strategies"] === undefined)
		throw damaged("result.options", undefined, "a list of fleets");
	if (result["options"] !== undefined) {
		const options = list(result, "options", "result");
		if (options.length === 0) throw damaged("result.options", [], "at least one fleet");
		options.forEach((each, i) => requireOption(each, `result.options[${i}]`));
		for (const name of ["unranked", "crossovers", "api"]) list(result, name, "result");
		for (const name of ["question", "missed", "volumes"]) member(result, name, "result", isObject, "an object");
	}
	if (result["strategies"] !== undefined)
		list(result, "strategies", "result").forEach((each, i) => requireStrategy(each, `result.strategies[${i}]`));
}

function requireOption(option: unknown, at: string): void {
	for (const name of ["id", "hardware", "precision", "stack", "speculative"]) text(option, name, at);
	for (const name of ["gpus", "replicas"]) member(option, name, at, Number.isFinite, "a number");
	const deployment = member(option, "deployment", at, isObject, "an object");
	text(deployment, "layout", `${at}.deployment`);
	for (const name of ["headline", "delivered"]) quantity(option, name, at);
	for (const name of ["utilization", "cost_per_request"]) member(option, name, at, isObject, "a value with its unit");
	list(option, "bridge", at).forEach((step, i) => {
		text(step, "cause", `${at}.bridge[${i}]`);
		quantity(step, "delta", `${at}.bridge[${i}]`);
	});
}

function requireStrategy(strategy: unknown, at: string): void {
	text(strategy, "strategy", at);
	if (member(strategy, "priced", at, (of) => typeof of === "boolean", "true or false") as unknown as boolean) {
		list(strategy, "years", at);
		for (const name of ["measures", "marginal"]) member(strategy, name, at, isObject, "an object");
	}
}

function text(of: unknown, name: string, at: string): void {
	member(of, name, at, (value) => typeof value === "string", "words");
}

function list(of: unknown, name: string, at: string): readonly unknown[] {
	return member(of, name, at, Array.isArray, "a list") as unknown as readonly unknown[];
}

function quantity(of: unknown, name: string, at: string): void {
	const found = member(of, name, at, isObject, "a value with its unit");
	text(found, "unit", `${at}.${name}`);
	member(found, "value", `${at}.${name}`, Number.isFinite, "a number");
}

function member(of: unknown, name: string, at: string, is: (value: unknown) => boolean, expected: string): Json {
	const value = isObject(of) ? (of as Json)[name] : undefined;
	if (!is(value)) throw damaged(at === "" ? name : `${at}.${name}`, value, expected);
	return value as Json;
}

function isObject(of: unknown): boolean {
	return typeof of === "object" && of !== null && !Array.isArray(of);
}

function quantitiesIn(of: unknown, at: string, each: (of: Json, at: string) => void): void {
	if (Array.isArray(of)) return of.forEach((item, i) => quantitiesIn(item, `${at}[${i}]`, each));
	if (!isObject(of)) return;
	const json = of as Json;
	if (typeof json["unit"] === "string" && "value" in json) each(json, at);
	for (const [name, value] of Object.entries(json)) quantitiesIn(value, `${at}.${name}`, each);
}

function evaluationOf(graph: NonNullable<Envelope<unknown>["graph"]>): Evaluation {
	try {
		return modelFromJson(graph);
	} catch (error) {
		throw new FarthingError(2, "damaged-result", `graph cannot be read: ${(error as Error).message}`, {
			field: "graph",
			...AS_WRITTEN,
		});
	}
}

/**
 * Each value follows from those of the inputs: else a number could be changed in the graph and in the result alike. What an
 * input itself should be, no file can say of itself.
 */
function requireComputed(saved: Evaluation): void {
	const { model, months } = saved;
	const inputs = model.nodes.flatMap(({ op, id, index }): [string, number | number[]][] => {
		if (op !== "input" || id === undefined) return [];
		return [[id, saved.series[index] === undefined ? (saved.scalars[index] as number) : [...saved.series[index]]]];
	});
	let again: Evaluation;
	try {
		again = evaluate(model, { ...(months > 0 ? { months } : {}), inputs: new Map(inputs) });
	} catch (error) {
		const message = `graph cannot be computed: ${(error as Error).message}`;
		throw new FarthingError(2, "damaged-result", message, { field: "graph", ...AS_WRITTEN });
	}
	for (const { index, id } of model.nodes) {
		const [found, known] = [valuesOf(saved, index), valuesOf(again, index)];
		const place = found.findIndex((value, i) => !isSame(value, known[i] as number));
		if (place < 0) continue;
		const at = `graph.values[${index}]${saved.series[index] === undefined ? "" : `[${place}]`}`;
		const of = id === undefined ? "" : ` for ${id}`;
		throw damaged(at, asJson(found[place] as number), `${asJson(known[place] as number)}, which its inputs give${of}`);
	}
}

function valuesOf({ scalars, series }: Evaluation, index: number): readonly number[] {
	return [...(series[index] ?? [scalars[index] as number])];
}

/** Unreachable is the same as unreachable. */
function isSame(a: number, b: number): boolean {
	if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
	return a === b || Math.abs(a - b) <= SAME * Math.max(Math.abs(a), Math.abs(b));
}

function asJson(value: number): number | null {
	return Number.isNaN(value) ? null : value;
}

/** Members whose quantities are values of the graph as it is saved; others are read of it under other inputs. */
const OF_GRAPH =
	/^result\.(?:options|unit_cost|gpu_hour|tokens_per_gpu_second|rows|npv|peak_cash|stages|strategies\[\d+\]\.(?:measures|years))\b/;
const SAME = 1e-9;

function requireGraph(result: Json, { model, scalars }: Evaluation): void {
	quantitiesIn(result, "result", (of, at) => {
		const { node: id, value, unit } = of;
		if (typeof id !== "string" || typeof value !== "number" || !OF_GRAPH.test(at)) return;
		const node = model.nodes[model.byId.get(id) ?? -1];
		if (node === undefined) throw damaged(`${at}.node`, id, "the name of a number of the graph");
		const { symbol, factor } = node.unit as AnyUnit;
		const known = (scalars[node.index] as number) / factor;
		if (node.shape === "series" || symbol !== unit || !Number.isFinite(known)) return;
		if (!isSame(value, known))
			throw damaged(`${at}.value`, value, `${known} ${symbol}, which the graph gives for ${id}`);
	});
}

const AS_WRITTEN = {
	hint: "take the result as farthing wrote it, or make it anew: farthing plan SCENARIO -o plan.json",
};

function damaged(field: string, found: unknown, expected: string): FarthingError {
	const said = found === undefined ? "is missing" : `is ${(JSON.stringify(found) ?? "").slice(0, 60)}`;
	return new FarthingError(2, "damaged-result", `${field} ${said}`, { field, expected, ...AS_WRITTEN });
}
