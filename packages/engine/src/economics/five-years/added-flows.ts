/**
 * Several models served side by side: each has machines of its own, and what they take adds up, item by item. NPV, tax and
 * loans are then those of the whole, since a loss on one is set against the profit on another.
 */
import type { AnyExpr } from "../../model/expression.ts";
import type { Dims } from "../../quantity/dimension.ts";
import type { Unit } from "../../quantity/unit.ts";
import { fraction, gpu, gram, kilowatt, kilowattHour, one, tokensPerSecond, usd } from "../../quantity/unit.ts";
import { monthly, plus, shareOf, times } from "./formula.ts";
import type { Flows } from "./measures.ts";
import type { RunningCost, RunningItem } from "./running-cost.ts";
import { RUNNING_WORDS } from "./running-cost.ts";

export interface PartialFlows {
	/** Part of the ids of its assets. */
	readonly name: string;
	readonly flows: Flows;
}

/** Nodes `<prefix>demand`, `.served`, `.gpus` …, `<prefix>running.<item>`; assets are called `<part>.<asset>`. */
export function addedFlows(prefix: string, parts: readonly PartialFlows[]): Flows {
	const all = parts.map(({ flows }) => flows);
	const tokens = tokensPerSecond("total");
	const sum = <D extends Dims>(name: string, unit: Unit<D>, label: string, of: readonly AnyExpr[]) =>
		monthly(`${prefix}${name}`, unit, plus(...of), { label: `${label}, all models`, formula: "sum over models" });
	const some = <D extends Dims>(name: "gpus" | "power" | "energy" | "carbon", unit: Unit<D>, label: string) => {
		const there = all.flatMap((flows) => flows[name] ?? []);
		return there.length === 0 ? {} : { [name]: sum(name, unit, label, there) };
	};
	return {
		demand: sum(
			"demand",
			tokens,
			"mean demand",
			all.map(({ demand }) => demand),
		),
		served: sum(
			"served",
			tokens,
			"mean demand served",
			all.map(({ served }) => served),
		),
		shortfall: sum(
			"shortfall",
			tokens,
			"demand not served",
			all.map(({ shortfall }) => shortfall),
		),
		assets: parts.flatMap(({ name, flows }) =>
			flows.assets.map((asset) => ({ ...asset, name: `${name}.${asset.name}` })),
		),
		running: runningOf(prefix, all),
		...some("gpus", gpu, "GPUs"),
		...some("power", kilowatt, "provisioned IT power"),
		...some("energy", kilowattHour, "energy drawn from the grid"),
		...some("carbon", gram, "carbon of the energy"),
		...utilisationOf(prefix, all),
		...reserveOf(prefix, all),
	};
}

function runningOf(prefix: string, all: readonly Flows[]): RunningCost {
	const items = [...new Set(all.flatMap(({ running }) => Object.keys(running)))] as RunningItem[];
	return Object.fromEntries(
		items.map((item) => [
			item,
			monthly(`${prefix}running.${item}`, usd, plus(...all.flatMap(({ running }) => running[item] ?? [])), {
				label: `${RUNNING_WORDS[item]}, all models`,
				formula: "sum over models",
			}),
		]),
	);
}

function reserveOf(prefix: string, all: readonly Flows[]): Pick<Flows, "reserveUsed"> {
	const used = all.flatMap(({ reserveUsed }) => reserveUsed ?? []);
	if (used.length === 0) return {};
	return {
		reserveUsed: monthly(`${prefix}reserve_used`, one, plus(...used), {
			label: "models whose spare replicas have to serve",
			formula: "sum over models",
		}),
	};
}

/** Each GPU counts alike. */
function utilisationOf(prefix: string, all: readonly Flows[]): Pick<Flows, "utilisation"> {
	const used = all.flatMap(({ gpus, utilisation }) =>
		gpus === undefined || utilisation === undefined ? [] : [{ gpus, busy: times(gpus, utilisation) }],
	);
	if (used.length === 0) return {};
	const share = shareOf(plus(...used.map(({ busy }) => busy)), plus(...used.map(({ gpus }) => gpus)));
	return {
		utilisation: monthly(`${prefix}utilisation`, fraction, share, {
			label: "utilisation, all models",
			formula: "Σ GPUs × utilisation ÷ Σ GPUs",
		}),
	};
}
