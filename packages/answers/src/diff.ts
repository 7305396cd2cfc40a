/**
 * `farthing diff`: why two results differ, as causes that sum exactly. What both graphs have as an input and hold at
 * different values moves first, in the graph of the first; then what else is different about the second (its terms, its
 * machine); then that another option is the best.
 */
import type { AnyUnit, Bridge, Evaluation, FlatNode, Model, QuantityJson } from "@farthing/engine";
import { bridge, closedCauses, ModelError, nodeIndex, quantityJson, scalarOf, subModel } from "@farthing/engine";
import type { Scenario } from "@farthing/scenario";
import { decisionOf } from "./decision.ts";
import type { MemberChange } from "./diff/members.ts";
import { memberChanges } from "./diff/members.ts";
import type { Asking, Envelope, Warning } from "./envelope.ts";
import { envelope } from "./envelope.ts";
import { FarthingError } from "./farthing-error.ts";
import type { SavedResult } from "./why.ts";
import { graphOf, nodeNamed } from "./why.ts";

export interface DiffSide {
	/** As it is called in the answer: a file, or `main:scenarios/chat.yaml`. */
	readonly name: string;
	readonly saved: SavedResult;
	/** Where the result is of a scenario that was read: its changed members are told. */
	readonly scenario?: Scenario;
}

export interface DiffPair {
	readonly before: DiffSide;
	readonly after: DiffSide;
}

export interface DiffQuestion {
	/** A number of both results, named as for `why`; that by which their options are ranked unless given. */
	readonly of?: string;
}

export interface DiffResult {
	readonly diffs: readonly ResultDiff[];
}

export interface ResultDiff {
	readonly before: string;
	readonly after: string;
	readonly label: string;
	readonly from: QuantityJson;
	readonly to: QuantityJson;
	readonly change: QuantityJson;
	/** `shapley`: each cause's average effect over all orders; `ordered`: one after the other, as they stand. */
	readonly method: "ordered" | "shapley";
	/** Added to `from` from left to right they give `to` to the last bit. */
	readonly causes: readonly DiffCause[];
	/** Of the scenario files, where they were read. */
	readonly members: readonly MemberChange[];
	readonly decision?: { readonly before: string; readonly after: string; readonly changed: boolean };
	readonly measures: readonly MeasureChange[];
}

export interface DiffCause {
	readonly cause: string;
	readonly delta: QuantityJson;
	/** What moved; empty where the difference is not in an input. */
	readonly inputs: readonly { readonly input: string; readonly before: QuantityJson; readonly after: QuantityJson }[];
}

export interface MeasureChange {
	readonly name: string;
	readonly before?: QuantityJson;
	readonly after?: QuantityJson;
}

/** Throws exit 3 for a number that one side does not have, exit 2 for a result without a graph. */
export function diff(pairs: readonly DiffPair[], question: DiffQuestion, asking: Asking): Envelope<DiffResult> {
	const warnings: Warning[] = [];
	const diffs = pairs.map((pair) => resultDiff(pair, question));
	return envelope(asking, { diffs }, warnings);
}

interface Side {
	readonly evaluation: Evaluation;
	readonly node: string;
	readonly saved: SavedResult;
	readonly best?: string;
}

function resultDiff({ before, after }: DiffPair, { of }: DiffQuestion): ResultDiff {
	const [a, b] = [sideOf(before, of), sideOf(after, of)];
	requireLike(a, b);
	const members =
		before.scenario === undefined || after.scenario === undefined ? [] : memberChanges(before.scenario, after.scenario);
	const moved = movedInputs(a, b);
	const { found, groups } = bridgeOf(a, b, moved);
	const steps = [
		...groups.map((group, i) => ({ ...group, delta: (found.causes[i] as { delta: number }).delta })),
		...restOf(a, b, found.to, membersBesides(members, moved, before, after)),
	];
	const from = json(a);
	const causes = shownCauses(a, from.value as number, json(b).value as number, steps);
	// where the second is much the smaller, no doubles may add up to its own last bit: then it is what they do add up to
	const sum = causes.reduce((total, { delta }) => total + (delta.value as number), from.value as number);
	return {
		before: before.name,
		after: after.name,
		label: nodeOf(a.evaluation.model, a.node).meta?.label ?? a.node,
		from,
		to: { ...json(b), value: sum },
		change: { ...plain(a, 0), value: sum - (from.value as number) },
		method: found.method,
		causes,
		members,
		...(a.best === undefined || b.best === undefined
			? {}
			: { decision: { before: a.best, after: b.best, changed: a.best !== b.best } }),
		measures: measureChanges(before.saved, after.saved),
	};
}

function sideOf({ saved, name }: DiffSide, of: string | undefined): Side {
	const evaluation = graphOf(saved);
	const decision = decisionOf(saved);
	const node =
		of === undefined
			? (decision?.options[0]?.node ?? nodeNamed(evaluation, saved, "1"))
			: nodeNamed(evaluation, saved, of);
	const best = decision?.options[0]?.name;
	if (nodeOf(evaluation.model, node).shape === "series" || Number.isNaN(scalarOf(evaluation, node)))
		throw new FarthingError(3, "no-single-number", `${node} has no single value in ${name}`, {
			expected: "a number that both results have, such as own.npv",
		});
	return { evaluation, node, saved, ...(best === undefined ? {} : { best }) };
}

function requireLike(a: Side, b: Side): void {
	const [x, y] = [a, b].map(({ evaluation, node }) => nodeOf(evaluation.model, node)) as [FlatNode, FlatNode];
	const [unit, other] = [x.unit as AnyUnit, y.unit as AnyUnit];
	if (unit.symbol === other.symbol && unit.factor === other.factor) return;
	throw new FarthingError(3, "unlike-results", `${a.node} is in ${unit.symbol}, ${b.node} in ${other.symbol}`, {
		expected: "two numbers of one unit",
		hint: "name one that both have with --of",
	});
}

interface Moved {
	readonly node: FlatNode;
	readonly before: number;
	readonly after: number;
	/** As the second has it, with its place in the file. */
	readonly other: FlatNode;
}

/** Inputs that the first's number rests on and both have, at different values. */
function movedInputs(a: Side, b: Side): Moved[] {
	return subModel(a.evaluation.model, [a.node]).nodes.flatMap((node): Moved[] => {
		if (node.op !== "input" || node.shape === "series") return [];
		const id = node.id as string;
		const there = b.evaluation.model.byId.get(id);
		const other = there === undefined ? undefined : b.evaluation.model.nodes[there];
		if (other === undefined || other.op !== "input" || other.shape === "series") return [];
		const [before, after] = [scalarOf(a.evaluation, id), scalarOf(b.evaluation, id)];
		return Object.is(before, after) ? [] : [{ node, before, after, other }];
	});
}

interface CauseGroup {
	readonly cause: string;
	readonly moved: readonly Moved[];
}

/** Each orders the others 2^n times: more than this take too long. */
const MOST_SHAPLEY = 7;

function bridgeOf(a: Side, b: Side, moved: readonly Moved[]): { found: Bridge; groups: readonly CauseGroup[] } {
	const groups = groupsOf(moved);
	try {
		return { found: bridged(a, groups), groups };
	} catch (error) {
		// on the way from one to the other the number may have no value: then they move together
		if (!(error instanceof ModelError) || groups.length < 2) throw error;
		const all = [{ cause: "all inputs that moved, together", moved }];
		return { found: bridged(a, all), groups: all };
	}
}

function bridged({ evaluation: { model, months }, node }: Side, groups: readonly CauseGroup[]): Bridge {
	const steps = groups.map(({ cause, moved }) => ({
		cause,
		inputs: new Map(moved.map(({ node: input, after }) => [input.id as string, after])),
	}));
	const method = groups.length <= MOST_SHAPLEY ? "shapley" : "ordered";
	return bridge(model, { output: node, from: new Map(), steps, method, months });
}

/** One a cause; where there are many, those of one part of the model together. */
function groupsOf(moved: readonly Moved[]): CauseGroup[] {
	if (moved.length <= MOST_TOLD) return moved.map((each) => ({ cause: labelOf(each.node), moved: [each] }));
	const parts = new Map<string, Moved[]>();
	for (const each of moved) {
		const part = (each.node.id as string).split(".")[0] as string;
		parts.set(part, [...(parts.get(part) ?? []), each]);
	}
	return [...parts].map(([part, of]) => ({
		cause: of.length === 1 ? labelOf((of[0] as Moved).node) : `${part}: ${of.length} inputs`,
		moved: of,
	}));
}

const MOST_TOLD = 20;

function labelOf({ spec, id }: FlatNode): string {
	return spec?.label ?? (id as string);
}

interface Step extends CauseGroup {
	readonly delta: number;
}

/** What is left once all inputs stand as in the second: another structure, another best option. */
function restOf(a: Side, b: Side, reached: number, besides: readonly string[]): Step[] {
	const { model } = b.evaluation;
	const same = model.byId.has(a.node) && !Number.isNaN(scalarOf(b.evaluation, a.node));
	const atEnd = scalarOf(b.evaluation, b.node);
	const sameThere = same ? scalarOf(b.evaluation, a.node) : atEnd;
	const what = besides.length === 0 ? "what else is different about the second" : besides.join(", ");
	const choice =
		a.best !== b.best && b.best !== undefined && a.best !== undefined
			? `${b.best} instead of ${a.best}`
			: `${b.node} instead of ${a.node}`;
	return [
		...(sameThere === reached ? [] : [{ cause: what, moved: [], delta: sameThere - reached }]),
		...(atEnd === sameThere ? [] : [{ cause: choice, moved: [], delta: atEnd - sameThere }]),
	];
}

/** Changed members of the file that are no input of the graph: terms, choices, names. */
function membersBesides(
	members: readonly MemberChange[],
	moved: readonly Moved[],
	before: DiffSide,
	after: DiffSide,
): readonly string[] {
	const places = new Set(moved.flatMap(({ node, other }) => [node.spec?.at, other.spec?.at]));
	const isInput = (path: string): boolean =>
		[before, after].some(({ scenario }) => {
			const origin = scenario?.origins[path];
			return origin?.kind === "file" && places.has(`${origin.file}:${origin.line}:${origin.column}`);
		});
	return members.map(({ path }) => path).filter((path) => !isInput(path) && !isInput(path.replace(/\.\w+$/, "")));
}

/** In the unit shown, so that what is read adds up there. */
function shownCauses(side: Side, from: number, to: number, steps: readonly Step[]): DiffCause[] {
	const { factor } = nodeOf(side.evaluation.model, side.node).unit as AnyUnit;
	const deltas = closedCauses(
		from,
		to,
		steps.map(({ delta }) => delta / factor),
	);
	return steps.map(({ cause, moved }, i) => ({
		cause,
		delta: { ...plain(side, 0), value: deltas[i] as number },
		inputs: moved.map(({ node, before, after }) => ({
			input: node.id as string,
			before: amount(node, before),
			after: amount(node, after),
		})),
	}));
}

function json({ evaluation, node, saved }: Side): QuantityJson {
	const plain = quantityJson(evaluation, node);
	const told = decisionOf(saved)?.options.find((option) => option.node === node)?.value;
	return told ?? plain;
}

/** An amount in the unit of the number that differs, without evidence of its own. */
function plain({ evaluation, node }: Side, value: number): QuantityJson {
	const { node: _, ...amounts } = amount(nodeOf(evaluation.model, node), value);
	return amounts;
}

function amount({ id, unit }: FlatNode, value: number): QuantityJson {
	const { symbol, factor } = unit as AnyUnit;
	return { value: value / factor + 0, unit: symbol, node: id as string };
}

function nodeOf(model: Model, id: string): FlatNode {
	return model.nodes[nodeIndex(model, id)] as FlatNode;
}

interface Measured {
	readonly options?: readonly { readonly delivered: QuantityJson; readonly utilization: QuantityJson }[];
	readonly strategies?: readonly {
		readonly strategy: string;
		readonly measures?: Readonly<Record<string, QuantityJson>>;
	}[];
	readonly unit_cost?: QuantityJson;
}

const TOLD = ["npv", "present_cost", "tco", "levelised", "payback_months", "peak_cash"] as const;

/** Headline numbers of both, where one of them has them. */
function measureChanges(before: SavedResult, after: SavedResult): MeasureChange[] {
	const [a, b] = [measuresOf(before), measuresOf(after)];
	return [...new Set([...a.keys(), ...b.keys()])].map((name) => {
		const [was, is] = [a.get(name), b.get(name)];
		return { name, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) };
	});
}

function measuresOf({ result }: SavedResult): ReadonlyMap<string, QuantityJson> {
	const { options, strategies, unit_cost: cost } = result as Measured;
	const best = options?.[0];
	return new Map([
		...(cost?.unit === undefined ? [] : [["unit cost", cost] as const]),
		...(best === undefined
			? []
			: ([
					["cheapest fleet, delivered", best.delivered],
					["cheapest fleet, utilisation", best.utilization],
				] as const)),
		...(strategies ?? []).flatMap(({ strategy, measures }) =>
			TOLD.flatMap((name) => {
				const of = measures?.[name];
				return of === undefined ? [] : [[`${strategy} ${name.replace("_months", "").replace("_", " ")}`, of] as const];
			}),
		),
	]);
}
