/** Demand and the fleet that meets it, year by year. */
import type { PricedResult, YearResult } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { fill, joined } from "../../messages/fill.ts";
import { nameOf } from "../../names.ts";
import type { Block, Column, Table, Text } from "../../report-model.ts";
import { measured } from "../../show-number.ts";
import { cells, type PlacedQuantity, yearFigure } from "../charts.ts";
import { noteOn, noteOnInput, ofPlan, type PackContext, paragraph } from "../source.ts";
import { bestPlaced, type Placed, pricedStrategies, strategyLabel } from "../strategy-words.ts";
import { yearName } from "../year-names.ts";

export function fleetBlock(context: PackContext): Block[] {
	const best = bestPlaced(context);
	if (best === undefined) return [];
	const words = [demandWords(context, best), gpuWords(context, best), shortWords(context, best)].filter(
		(text) => text.length > 0,
	);
	const isOne = (context.result.models ?? []).length === 0;
	const machine = isOne && pricedStrategies(context).some(hasMachines) ? machineWords(context) : [];
	return [
		...(words.length === 0 ? [] : [paragraph(...words)]),
		...(machine.length === 0 ? [] : [paragraph(machine)]),
		{ kind: "figure", figure: fleetFigure(context, best) },
	];
}

const COLUMNS = ["tokens", "gpus", "utilisation", "power", "energy", "carbon", "shortfall"] as const;
const UNITS: Readonly<Record<(typeof COLUMNS)[number], string>> = {
	tokens: "Mtok",
	gpus: "GPU",
	utilisation: "fraction",
	power: "kW",
	energy: "MWh",
	carbon: "tCO2",
	shortfall: "tok/day",
};

function hasMachines({ of }: Placed<PricedResult>): boolean {
	return of.years.some(({ gpus }) => (gpus?.value ?? 0) > 0);
}

function demandWords(context: PackContext, best: Placed<PricedResult>): Text {
	const years = running(best);
	const [first, last] = [years[0], years.at(-1)];
	if (first === undefined || last === undefined) return [];
	const { fleet } = context.words;
	const tokens = { first: ofPlan(first.of.tokens, `${first.at}/tokens`) };
	if (first === last) return fill(fleet.introTokensOne, tokens);
	const change = (last.of.tokens.value ?? 0) / (first.of.tokens.value ?? 0) - 1;
	const { introTokens: grows, introTokensFall: falls, introTokensSame: stays } = fleet;
	return fill(Math.abs(change) < 0.0005 ? stays : change < 0 ? falls : grows, {
		...tokens,
		last: ofPlan(last.of.tokens, `${last.at}/tokens`),
		year: String(last.of.year),
	});
}

function gpuWords(context: PackContext, best: Placed<PricedResult>): Text {
	const years = running(best).filter(({ of }) => (of.gpus?.value ?? 0) > 0 && of.utilisation?.value !== undefined);
	const [first, last] = [years[0], years.at(-1)];
	if (first === undefined || last === undefined) return [];
	const value = ({ of, at }: Placed<YearResult>, name: "gpus" | "utilisation") => {
		const quantity = of[name] as QuantityJson;
		return name === "gpus"
			? measured(quantity.value as number, "", `plan/result/${at}/gpus`)
			: ofPlan(quantity, `${at}/${name}`);
	};
	const opening = {
		gpus: value(first, "gpus"),
		first: String(first.of.year),
		use: value(first, "utilisation"),
	};
	const ending = {
		lastGpus: value(last, "gpus"),
		last: String(last.of.year),
		lastUse: value(last, "utilisation"),
	};
	const { intro, introOne } = context.words.fleet;
	return [
		...(first === last ? fill(introOne, opening) : fill(intro, { ...opening, ...ending })),
		...noteOn(context, last.of.utilisation as QuantityJson),
	];
}

function machineWords(context: PackContext): Text {
	const { result, words, names } = context;
	const { machine } = result;
	if (machine === undefined) return [];
	const parts: Text[] = [
		[nameOf(names, "stacks", machine.stack)],
		[nameOf(names, "precisions", machine.precision)],
		...(machine.speculative === "none" ? [] : [[nameOf(names, "speculative", machine.speculative)]]),
		[{ kind: "name", name: machine.layout }],
	];
	const text = fill(words.fleet.machine, {
		hardware: nameOf(names, "hardware", machine.hardware),
		details: parts.flatMap((part, i): Text => (i === 0 ? part : [", ", ...part])),
		host: machine.host === undefined ? [] : fill(words.fleet.host, { host: { kind: "name", name: machine.host } }),
	});
	return [...text, ...noteOnInput(context, `${machine.row}.tokens_per_gpu_second.total`), ...accuracyWords(context)];
}

function accuracyWords({ result, words, names }: PackContext): Text {
	const { machine } = result;
	const accuracy = machine?.accuracy;
	if (machine === undefined || accuracy === undefined) return [];
	const at = "plan/result/machine/accuracy";
	return [
		" ",
		...fill(words.fleet.accuracy, {
			format: nameOf(names, "precisions", machine.precision),
			task: accuracy.task.toUpperCase(),
			precision: measured(accuracy.precision, "fraction", `${at}/precision`),
			fp8: measured(accuracy.fp8, "fraction", `${at}/fp8`),
			runs: measured(accuracy.runs, "", `${at}/runs`),
			runsFp8: measured(accuracy.runs_fp8, "", `${at}/runs_fp8`),
		}),
	];
}

function shortWords({ words, messages }: PackContext, best: Placed<PricedResult>): Text {
	const short = running(best).filter(({ of }) => (of.shortfall?.value ?? 0) > 0);
	if (short.length === 0) return [];
	const years = joined(
		short.map(({ of }): Text => [String(of.year)]),
		messages.list,
	);
	return fill(words.fleet.shortfall, { years });
}

function fleetFigure(context: PackContext, best: Placed<PricedResult>) {
	const { words } = context;
	const years = running(best);
	const owned = years.some(({ of }) => (of.gpus?.value ?? 0) > 0);
	const name = owned ? "gpus" : "tokens";
	const values = years.map(({ of, at }): PlacedQuantity | undefined => {
		const quantity = of[name];
		return quantity === undefined ? undefined : { quantity, at: `${at}/${name}` };
	});
	return yearFigure(context, {
		id: "fleet-chart",
		caption: [owned ? words.fleet.chart : words.fleet.chartApi],
		alternative: (bars) => fill(owned ? words.fleet.alternativeGpus : words.fleet.alternativeTokens, { bars }),
		tableInPlace: true,
		xAxis: words.fleet.yearAxis,
		yAxis: owned ? words.fleet.yGpus : words.fleet.yTokens,
		unit: UNITS[name],
		categories: years.map(({ of }) => yearName(context, of.year)),
		series: [{ name: words.fleet.columns[name], mark: "column", style: 0, values }],
		table: fleetTable(context, best),
	});
}

function fleetTable(context: PackContext, best: Placed<PricedResult>): Table {
	const { words } = context;
	const years = running(best);
	const shown = COLUMNS.filter((name) => years.some(({ of }) => (of[name]?.value ?? 0) !== 0));
	const columns = shown.map((name) =>
		cells(
			years.map(({ of, at }) => {
				const quantity = of[name];
				return quantity === undefined ? undefined : { quantity, at: `${at}/${name}` };
			}),
			UNITS[name],
		),
	);
	return {
		caption: fill(words.fleet.captionBare, { strategy: strategyLabel(context, best.of.strategy) }),
		columns: [
			{ heading: words.fleet.columns.year, align: "start" },
			...shown.map((name): Column => ({ heading: words.fleet.columns[name], align: "end" })),
		],
		rows: years.map(({ of }, i) => [[yearName(context, of.year)], ...columns.map((each) => each[i] as Text)]),
	};
}

/** Years in which something is served; the opening has no demand. */
function running({ of, at }: Placed<PricedResult>): Placed<YearResult>[] {
	return of.years.flatMap((each, i) => (each.year === 0 ? [] : [{ of: each, at: `${at}/years/${i}` }]));
}
