import { checkCorrelations } from "./correlations.ts";
import type { Issue, Place } from "./issue.ts";
import { FAILED, inOrder, placeOf, Reading } from "./reading.ts";
import type { JsonObject, Origin, Scenario } from "./scenario.ts";
import { scenarioShape } from "./scenario-shape.ts";
import type { Shape } from "./shape.ts";
import { wordsOf } from "./shape.ts";
import {
	emptyMap,
	type Entry,
	type ListTree,
	type MapTree,
	type ScalarTree,
	scalarTree,
	type Tree,
	toJson,
} from "./tree.ts";
import { quote, type ReadTree, readYaml } from "./yaml-tree.ts";

export interface ParseScenarioOptions {
	/** Name for messages. */
	readonly file: string;
	/** Text of a file named by `extends:` in the file `from`, or undefined where there is none. */
	readonly resolve?: (name: string, from: string) => { readonly file: string; readonly text: string } | undefined;
	/** What the caller sets over the file, weakest first. */
	readonly overrides?: readonly ScenarioOverride[];
}

export interface ScenarioOverride {
	/** Path as in the file: `demand.tokens_per_day`. */
	readonly path: string;
	readonly value: string | number | boolean | readonly string[] | readonly number[];
	/** Name of the flag or variable, for messages: `--demand`. */
	readonly label: string;
}

export type ParseScenarioResult =
	| { readonly ok: true; readonly scenario: Scenario; readonly warnings: readonly ScenarioWarning[] }
	| { readonly ok: false; readonly issues: readonly Issue[] };

export interface ScenarioWarning extends Place {
	readonly code: "utilisation-overridden" | "unused-member";
	readonly message: string;
	readonly path: string;
}

/** A scenario from the text of its file, or every issue with it. Pure: what `extends:` names comes from the caller. */
export function parseScenario(text: string, options: ParseScenarioOptions): ParseScenarioResult {
	const loaded = loadLayers(text, options.file, options, []);
	if (!loaded.ok) return loaded;
	if (isForeign(loaded.tree)) return { ok: false, issues: [foreignIssue(loaded.tree, options.file)] };
	const merged = (options.overrides ?? []).reduce(
		(base: Tree, override) => mergeOver(scenarioShape, base, overrideTree(override)),
		loaded.tree,
	);
	const whole = withShapeFile(merged, options);
	if (!whole.ok) return whole;
	const { tree } = whole;
	const reading = new Reading(options.file);
	const content = scenarioShape.read(tree, "", reading);
	if (content !== FAILED) checkCorrelations(content.correlations ?? [], reading);
	if (content === FAILED || reading.issues.length > 0) return { ok: false, issues: inOrder(shownOf(reading.issues)) };
	const { extends: _, ...document } = toJson(tree) as JsonObject;
	const scenario: Scenario = { ...content, origins: reading.origins, defaults: reading.defaults, document };
	return { ok: true, scenario, warnings: warningsOf(scenario, options.file) };
}

const MAX_LAYERS = 8;

/** The file over the files it extends. */
function loadLayers(text: string, file: string, options: ParseScenarioOptions, over: readonly string[]): ReadTree {
	const own = readYaml(text, file);
	if (!own.ok || own.tree.kind !== "map") return own;
	const named = own.tree.entries.get("extends")?.tree;
	if (named === undefined || named.kind !== "scalar" || wordsOf(named) === "") return own;
	const base = options.resolve?.(wordsOf(named), file);
	if (base === undefined) {
		if (options.resolve === undefined) {
			return refused(
				"unresolved-extends",
				`no file is opened here: ${quote(wordsOf(named))} cannot be extended`,
				named,
				file,
				{
					hint: "write the members of that file into this one, and leave extends: out",
				},
			);
		}
		return refused("unresolved-extends", `there is no file ${quote(wordsOf(named))} to extend`, named, file, {
			hint: `name a scenario file relative to ${file}`,
		});
	}
	const chain = [...over, file];
	if (chain.includes(base.file) || chain.length >= MAX_LAYERS) {
		return refused("extends-cycle", `the files extend each other: ${[...chain, base.file].join(" → ")}`, named, file, {
			hint: "leave extends: out of one of them",
		});
	}
	const below = loadLayers(base.text, base.file, options, chain);
	if (!below.ok || isForeign(below.tree)) {
		return below.ok ? { ok: false, issues: [foreignIssue(below.tree, base.file)] } : below;
	}
	return { ok: true, tree: mergeOver(scenarioShape, below.tree, own.tree) };
}

/** `traffic.shape: conversation.yaml` becomes what is written there. */
function withShapeFile(tree: Tree, options: ParseScenarioOptions): ReadTree {
	const traffic = tree.kind === "map" ? tree.entries.get("traffic") : undefined;
	const shape = traffic?.tree.kind === "map" ? traffic.tree.entries.get("shape") : undefined;
	if (tree.kind !== "map" || traffic?.tree.kind !== "map" || shape?.tree.kind !== "scalar") return { ok: true, tree };
	const name = wordsOf(shape.tree);
	if (!/\.ya?ml$/i.test(name)) return { ok: true, tree };
	const { file } = placeOf(shape.tree.origin, options.file);
	const found = options.resolve?.(name, file);
	if (found === undefined) {
		return refused("unresolved-shape", `there is no file ${quote(name)} with a traffic shape`, shape.tree, file, {
			path: "traffic.shape",
			hint: `name a file that farthing shape made, relative to ${file}, or a shape of the catalogue`,
		});
	}
	const read = readYaml(found.text, found.file);
	if (!read.ok) return read;
	const within = withEntry(traffic.tree, "shape", { ...shape, tree: read.tree });
	return { ok: true, tree: withEntry(tree, "traffic", { ...traffic, tree: within }) };
}

function withEntry(map: MapTree, name: string, entry: Entry): MapTree {
	return { ...map, entries: new Map([...map.entries, [name, entry]]) };
}

function refused(
	code: Issue["code"],
	message: string,
	at: Tree,
	file: string,
	more: { readonly hint: string; readonly path?: string },
): { readonly ok: false; readonly issues: readonly Issue[] } {
	return { ok: false, issues: [{ code, message, ...placeOf(at.origin, file), path: "extends", ...more }] };
}

function mergeOver(shape: Shape<unknown>, base: Tree, over: Tree): Tree {
	return shape.merge === undefined ? over : shape.merge(base, over);
}

function overrideTree(override: ScenarioOverride): MapTree {
	const origin: Origin = { kind: "override", label: override.label };
	const names = override.path.split(".");
	const leaf: Tree = leafTree(override.value, origin);
	return names.reduceRight((tree: Tree, name) => mapOf(name, tree, origin), leaf) as MapTree;
}

function mapOf(name: string, tree: Tree, origin: Origin): MapTree {
	return { ...emptyMap(origin), entries: new Map([[name, { key: origin, tree }]]) };
}

function leafTree(value: ScenarioOverride["value"], origin: Origin): Tree {
	if (typeof value !== "object") return scalarOf(value, origin);
	const list: ListTree = { kind: "list", items: value.map((item) => scalarOf(item, origin)), origin };
	return list;
}

function scalarOf(value: string | number | boolean, origin: Origin): ScalarTree {
	return scalarTree(value, { ...origin, text: String(value) } as Origin);
}

const ROOT_FIELDS: ReadonlySet<string> = new Set(Object.keys(scenarioShape.schema["properties"] as JsonObject));

/** Something else than a scenario: one issue says more than one for each of its lines. */
function isForeign(tree: Tree): boolean {
	return tree.kind !== "map" || ![...tree.entries.keys()].some((name) => ROOT_FIELDS.has(name));
}

function foreignIssue(tree: Tree, file: string): Issue {
	return {
		code: tree.kind === "map" ? "missing-field" : "wrong-type",
		message: "this is no scenario file: it has none of a scenario's fields",
		...placeOf(tree.origin, file),
		path: "",
		expected: "version, name, model, workload, demand and cost",
		hint: "start it with version: 1",
	};
}

const MAX_ISSUES = 50;

/** A wrong version says all there is to say; a flood of issues is cut short. */
function shownOf(issues: readonly Issue[]): readonly Issue[] {
	const version = issues.find((issue) => issue.code === "wrong-version");
	return version === undefined ? issues.slice(0, MAX_ISSUES) : [version];
}

function warningsOf(scenario: Scenario, file: string): ScenarioWarning[] {
	const warnings: ScenarioWarning[] = [];
	const warn = (code: ScenarioWarning["code"], path: string, message: string): void => {
		const origin = scenario.origins[path];
		if (origin !== undefined && origin.kind !== "default")
			warnings.push({ code, message, path, ...placeOf(origin, file) });
	};
	if (scenario.utilisation !== undefined) {
		warn("utilisation-overridden", "utilisation", "utilisation is set by hand, not derived from demand and SLO");
	}
	if (scenario.slo.ttft === undefined) {
		warn("unused-member", "slo.ttft_statistic", "slo.ttft_statistic has no effect while slo.ttft is any");
		warn("unused-member", "slo.ttft_unknown", "slo.ttft_unknown has no effect while slo.ttft is any");
	}
	return warnings;
}
