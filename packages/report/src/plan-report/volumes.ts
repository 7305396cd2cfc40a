/** Delivered cost along daily volume: where another deployment becomes the cheapest, and where the API does. */
import type { ApiOffer, PlanOption } from "@farthing/answers";
import type { QuantityJson } from "@farthing/engine";
import { formatQuantity } from "@farthing/engine";
import type { Point, VolumeChart, VolumeCurve } from "../charts/chart.ts";
import { fill, fillCount } from "../messages/fill.ts";
import { plainText } from "../plain-text.ts";
import type { Block, Figure, LegendEntry, Section, Span, Table, Text } from "../report-model.ts";
import { column, computed, exact, measured, quantity } from "../show-number.ts";
import { type RankedPlan, deploymentText, isDollarsPerMtok, namedOption, pointerStep } from "./source.ts";

export function volumesSection(context: RankedPlan, best: PlanOption): Section {
	const { messages, plan } = context;
	const words = messages.volumes;
	const { reason, tokens_per_day: grid } = plan.volumes;
	const blocks = grid.length > 0 || reason === undefined ? curveBlocks(context, best) : [unknownBlock(reason, words)];
	const offers = plan.api.map((offer, i) => offerText(context, offer, i));
	if (offers.length > 0) blocks.push({ kind: "list", items: offers }, { kind: "text", text: [words.apiCaveat] });
	return { id: "volumes", heading: words.heading, blocks };
}

function curveBlocks(context: RankedPlan, best: PlanOption): Block[] {
	const regions = regionsOf(context);
	const finding = findingText(context, regions);
	return [
		{ kind: "text", text: [...finding, " ", context.messages.volumes.steps, ...howFar(context)] },
		{ kind: "figure", figure: volumesFigure(context, best, regions, finding) },
	];
}

/** How fleets were sized along the volumes, and why these end early, where there is something to say. */
function howFar(context: RankedPlan): Text {
	const { messages, plan } = context;
	const words = messages.volumes;
	const { reason, sized_by: by } = plan.volumes;
	return [
		...(by === "queueing-estimate" ? [" ", words.estimated] : []),
		...(reason === undefined ? [] : [" ", ...fill(words.ends, { high: endsOf(context).high, reason })]),
	];
}

function unknownBlock(reason: string, words: RankedPlan["messages"]["volumes"]): Block {
	return { kind: "text", text: fill(words.unknown, { reason }) };
}

/** A range of volumes with one cheapest deployment, until the next crossover. */
interface Region {
	readonly id: string;
	readonly letter: string;
	/** Place among the deployments that win somewhere, for its colour. */
	readonly style: number;
	/** Place of its upper end in `crossovers`; absent: the last one. */
	readonly until?: number;
}

function regionsOf({ plan }: RankedPlan): Region[] {
	const { crossovers, volumes } = plan;
	const ids =
		crossovers.length > 0
			? [...crossovers.map(({ from }) => from), (crossovers.at(-1) as { to: string }).to]
			: [mostFrequent(volumes.cheapest)];
	const order = [...new Set(ids)];
	return ids.map((id, i) => ({
		id,
		letter: letterOf(order.indexOf(id)),
		style: order.indexOf(id),
		...(i < crossovers.length ? { until: i } : {}),
	}));
}

function letterOf(index: number): string {
	return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}

function mostFrequent(ids: readonly string[]): string {
	const counts = new Map<string, number>();
	for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
	return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0] as const)[0];
}

function crossing({ plan }: RankedPlan, index: number): Span {
	const at = plan.crossovers[index]?.tokens_per_day;
	return at === undefined ? "" : quantity(at, `plan/result/crossovers/${index}/tokens_per_day`);
}

function findingText(context: RankedPlan, regions: readonly Region[]): Text {
	const words = context.messages.volumes;
	const [first] = regions as [Region];
	if (regions.length === 1) return fill(words.single, { ...endsOf(context), first: deploymentOf(context, first.id) });
	return regions.flatMap((region, i): Text => {
		const deployment = deploymentOf(context, region.id);
		if (i === 0) return fill(words.crossing, { volume: crossing(context, 0), first: deployment });
		if (region.until === undefined) return [" ", ...fill(words.last, { next: deployment })];
		return [" ", ...fill(words.next, { volume: crossing(context, region.until), next: deployment })];
	});
}

function endsOf({ plan }: RankedPlan): { low: Span; high: Span } {
	const grid = plan.volumes.tokens_per_day;
	const last = grid.length - 1;
	const end = (i: number): Span => measured(grid[i] ?? 0, "tok/day", `plan/result/volumes/tokens_per_day/${i}`);
	return { low: end(0), high: end(last) };
}

function deploymentOf(context: RankedPlan, id: string): Text {
	const option = context.plan.options.find((each) => each.id === id);
	return option === undefined ? [{ kind: "code", code: id }] : deploymentText(context, namedOption(option));
}

function volumesFigure(context: RankedPlan, best: PlanOption, regions: readonly Region[], finding: Text): Figure {
	const { messages, unit } = context;
	const words = messages.volumes;
	const [first] = regions as [Region];
	const deployment = deploymentOf(context, first.id);
	const caption =
		regions.length === 1
			? fill(words.captionSingle, { ...endsOf(context), deployment })
			: fill(words.caption, { deployment, volume: crossing(context, 0) });
	return {
		id: "volumes-chart",
		caption,
		alternative: fill(words.alternative, { unit, ...endsOf(context), finding }),
		chart: volumesChart(context, best, regions),
		legend: legendOf(context, best, regions),
		table: volumesTable(context),
	};
}

function volumesChart(context: RankedPlan, best: PlanOption, regions: readonly Region[]): VolumeChart {
	const { messages, plan, unit } = context;
	const words = messages.volumes;
	const { delivered, tokens_per_day: grid } = plan.volumes;
	const curves = Object.entries(delivered).map(([id, values]): VolumeCurve => {
		const region = regions.find((each) => each.id === id);
		const points = values.map((y, i): Point => ({ x: grid[i] as number, y }));
		return region === undefined ? { points } : { points, style: region.style, letter: region.letter };
	});
	const demand = plan.question["tokens"]?.value;
	const here = plainText(fill(words.here, { delivered: axisMoney(best.delivered) }));
	return {
		kind: "volumes",
		xAxis: words.xAxis,
		yAxis: isDollarsPerMtok(context) ? words.yAxis : plainText(fill(words.yAxisOther, { unit })),
		curves,
		crossovers: plan.crossovers.flatMap(({ tokens_per_day: at }) =>
			at.value === undefined
				? []
				: [{ x: at.value, label: formatQuantity(at.value, at.unit).replace(/ tok\/day$/, "") }],
		),
		regions: regions.map(({ letter }) => letter),
		levels: [...plan.api]
			.sort((a, b) => (a.blended.value as number) - (b.blended.value as number))
			.map(({ statistic, blended }) => ({
				y: blended.value as number,
				label: plainText(fill(words.levels[statistic], { price: axisMoney(blended) })),
			})),
		...(demand === undefined ? {} : { here: { x: demand, y: best.delivered.value as number, label: here } }),
	};
}

/** Without "per million tokens", which the axis says. */
function axisMoney({ value, unit }: QuantityJson): string {
	return value === undefined ? "" : formatQuantity(value, unit).replace(/\/M ?tok$/, "");
}

function legendOf(context: RankedPlan, best: PlanOption, regions: readonly Region[]): LegendEntry[] {
	const { messages, plan } = context;
	const words = messages.volumes;
	const entries = regions.map((region, i): LegendEntry => {
		const letter: Text = [{ kind: "strong", text: [region.letter] }];
		const deployment = deploymentOf(context, region.id);
		const text =
			regions.length === 1
				? fill(words.legend, { letter, deployment })
				: fill(words.legendRange, { letter, deployment, range: rangeWords(context, regions, i) });
		return { swatch: { kind: "line", style: region.style }, text };
	});
	const faint = Object.keys(plan.volumes.delivered).filter((id) => !regions.some((region) => region.id === id)).length;
	if (faint > 0)
		entries.push({ swatch: { kind: "faint" }, text: fillCount(words.legendFaint, faint, computed(faint, "")) });
	if (plan.api.length > 0) entries.push({ swatch: { kind: "level" }, text: [words.legendApi] });
	if (best.delivered.value !== undefined) entries.push({ swatch: { kind: "here" }, text: [words.legendHere] });
	return entries;
}

function rangeWords(context: RankedPlan, regions: readonly Region[], i: number): Text {
	const words = context.messages.volumes;
	const until = regions[i]?.until;
	if (i === 0) return fill(words.upTo, { to: crossing(context, 0) });
	const from = crossing(context, i - 1);
	return until === undefined ? fill(words.from, { from }) : fill(words.between, { from, to: crossing(context, until) });
}

function offerText({ messages, plan }: RankedPlan, offer: ApiOffer, i: number): Text {
	const words = messages.volumes;
	const place = `plan/result/api/${i}`;
	const from = offer.self_hosting_cheaper_from;
	const values = {
		price: quantity(offer.blended, `${place}/blended`),
		statistic: words.apiStatistic[offer.statistic],
		offers: fillCount(words.offers, offer.offers, measured(offer.offers, "", `${place}/offers`)),
		provider: { kind: "name", name: offer.provider },
	} as const;
	if (plan.volumes.tokens_per_day.length === 0 || from === undefined) return fill(words.apiNotReached, values);
	return fill(words.apiReached, { ...values, volume: quantity(from, `${place}/self_hosting_cheaper_from`) });
}

function volumesTable(context: RankedPlan): Table {
	const { messages, plan, unit } = context;
	const words = messages.volumes;
	const { delivered, tokens_per_day: grid, cheapest } = plan.volumes;
	const every = Math.max(1, Math.ceil((grid.length - 1) / ROWS));
	const ids = Object.keys(delivered);
	const costs = ids.map((id) =>
		column(
			(delivered[id] as readonly number[]).map((value, i) => ({
				value,
				at: `plan/result/volumes/delivered/${pointerStep(id)}/${i}`,
			})),
			unit,
		),
	);
	return {
		caption: [words.tableCaption],
		columns: [
			{ heading: words.columns.volume, align: "end" },
			...ids.map(
				(id) =>
					({
						heading: plainText([...deploymentOf(context, id), " · ", { kind: "code", code: id }]),
						align: "end",
					}) as const,
			),
			{ heading: words.columns.cheapest, align: "start" },
		],
		rows: grid.flatMap((volume, i) =>
			i % every === 0
				? [
						[
							[exact(volume, `plan/result/volumes/tokens_per_day/${i}`)],
							...costs.map((cells): Text => cells[i] ?? [words.noRoom]),
							[{ kind: "code", code: cheapest[i] as string }],
						],
					]
				: [],
		),
	};
}

/** About as many rows as a reader goes through; the chart is drawn through all. */
const ROWS = 40;
