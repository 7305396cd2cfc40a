/** How good the evidence is: independent measurements against headlines, the grades of the inputs, the register itself. */
import type { ClaimList } from "@farthing/answers";
import type { Grade, QuantityJson } from "@farthing/engine";
import { subModel } from "@farthing/engine";
import type { AssumptionRow } from "../../assumption-register.ts";
import { fill, joined } from "../../messages/fill.ts";
import { valueText } from "../../plan-report/register.ts";
import type { Block, Table, Text } from "../../report-model.ts";
import { computed, quantity } from "../../show-number.ts";
import { cells } from "../charts.ts";
import { gradeSpan, gradeWords, labelOf, named, note, noteOn, ofPlan, type PackContext, paragraph } from "../source.ts";
import { capitalised } from "../../plain-text.ts";
import { measureOf, pricedStrategies, strategyLabel, strategyVerb } from "../strategy-words.ts";

type Claim = ClaimList["claims"][number];

export function claimsBlock(context: PackContext): Block[] {
	const claims = context.source.claims?.result.claims ?? [];
	if (claims.length === 0) return [];
	const { words, messages } = context;
	const table: Table = {
		stacks: true,
		caption: [words.claims.caption],
		columns: [
			{ heading: words.claims.columns.claim, align: "start", room: "wide" },
			{ heading: words.claims.columns.verdict, align: "start" },
			{ heading: words.claims.columns.figures, align: "start", room: "wide" },
		],
		rows: claims.map(({ claim, origin, verdict, conditions }) => [
			[named(claim), note(context, fill(words.rack.said, { who: named(origin.who), date: named(origin.date) }))],
			[{ kind: "verdict", verdict, words: messages.claims.verdicts[verdict] }],
			[{ kind: "lines", lines: conditions.slice(0, 3).map((each): Text => [named(each)]) }],
		]),
	};
	return [{ kind: "table", table }];
}

/** The headline return on a rack: what it takes, and what measured rows and prices make of it. */
export function rackReturnBlock(context: PackContext): Block[] {
	const place = (context.source.claims?.result.claims ?? []).findIndex(({ id }) => id === RACK_CLAIM);
	const claim = context.source.claims?.result.claims[place];
	if (claim === undefined) return [];
	const { words, messages } = context;
	const figure = (name: string): Text | undefined => figureOf(claim, place, name);
	const said = note(context, fill(words.rack.said, { who: named(claim.origin.who), date: named(claim.origin.date) }));
	const items = [
		sentence(words.rack.takes, { tokens: figure("tokens_sold"), price: figure("implied_price") }),
		sentence(words.rack.measured, { throughput: figure("measured") }),
		sentence(words.rack.market, { price: figure("market_price"), revenue: figure("revenue_at_market") }),
		sentence(words.rack.return, { cost: figure("cost_rent"), ratio: figure("return_on_cost") }),
		sentence(words.rack.sold, { revenue: figure("revenue_at_60") }),
		...hereWords(context),
	].filter((text) => text !== undefined);
	return [
		paragraph([
			{ kind: "strong", text: fill(words.rack.heading, { claim: named(claim.claim) }) },
			said,
			" ",
			words.rack.verdict,
			{ kind: "verdict", verdict: claim.verdict, words: messages.claims.verdicts[claim.verdict] },
		]),
		{ kind: "list", items },
	];
}

/** The arithmetic of a headline for the fleet of this plan, and everything that it leaves out. */
export function headlineReturnBlock(context: PackContext): Block[] {
	const found = context.result.headline_return;
	if (found === undefined) return [];
	const words = context.words.rack;
	const at = "headline_return";
	const strategy = strategyLabel(context, found.strategy);
	const amounts = cells(
		[
			{ quantity: found.claimed_revenue, at: `${at}/claimed_revenue` },
			...found.leaves_out.map(({ amount }, i) => ({ quantity: amount, at: `${at}/leaves_out/${i}/amount` })),
		],
		"USD",
	);
	const labels = [
		words.revenue,
		...found.leaves_out.map(({ what, label }) => capitalised(words.leftOut[what] ?? label)),
	];
	const table: Table = {
		caption: fill(words.table, { strategy }),
		columns: [
			{ heading: words.columns.item, align: "start", room: "wide" },
			{ heading: words.columns.amount, align: "end" },
		],
		rows: labels.map((label, i): Text[] => [[label], amounts[i] as Text]),
	};
	const said = fill(words.own, {
		claimed: ofPlan(found.claimed, `${at}/claimed`),
		kept: ofPlan(found.kept, `${at}/kept`),
		strategy: context.words.strategies[found.strategy].done,
	});
	return [paragraph([...said, ...noteOn(context, found.kept)]), { kind: "table", table }];
}

export function gradesBlock(context: PackContext): Block[] {
	const { words, messages } = context;
	const register = carryingRows(context);
	if (register.length === 0) return [];
	const evidence = register.filter(({ kind }) => kind !== "condition");
	const grades: readonly Grade[] = ["A", "B", "C", "D", "E"];
	const counts = grades.flatMap((grade): Text[] => {
		const count = evidence.filter((row) => row.grade === grade).length;
		if (count === 0) return [];
		return [fill(words.grades.count, { count: computed(count, ""), grade, words: gradeWords(context, grade) })];
	});
	const conditions = register.length - evidence.length;
	return [
		paragraph(
			fill(words.grades.words, { count: computed(evidence.length, ""), counts: joined(counts, messages.list) }),
			...(conditions === 0 ? [] : [fill(words.grades.conditions, { count: computed(conditions, "") })]),
		),
	];
}

export function registerBlock(context: PackContext): Block[] {
	const { words } = context;
	const carrying = carryingRows(context);
	const left = context.register.length - carrying.length;
	const tables = (["evidence", "condition", "measured"] as const).flatMap((kind): Block[] => {
		const rows = carrying.filter((row) => row.kind === kind);
		if (rows.length === 0) return [];
		const columns = words.register.columns;
		const table: Table = {
			caption: fill(words.register.caption, { part: words.register.parts[kind] }),
			columns: [
				{ heading: columns.input, align: "start", room: "wide" },
				{ heading: columns.value, align: "end" },
				{ heading: columns.owner, align: "start" },
				{ heading: columns.source, align: "start", room: "wide" },
				{ heading: columns.date, align: "start", room: "short" },
				{ heading: columns.grade, align: "start" },
				{ heading: columns.signed, align: "start" },
			],
			rows: rows.map((row) => registerRow(context, row)),
		};
		return [{ kind: "table", table }];
	});
	return left === 0 ? tables : [...tables, paragraph(fill(words.register.left, { count: computed(left, "") }))];
}

/** Inputs beneath the strategies and the fleet chosen; of a result that chooses nothing, all. */
function carryingRows(context: PackContext): readonly AssumptionRow[] {
	const { evaluation, register, result, option } = context;
	const measures = (result.strategies ?? []).flatMap((each) => (each.priced ? Object.values(each.measures) : []));
	const chosen = [...measures, ...(option === undefined ? [] : [option.delivered])];
	const ids = chosen.flatMap(({ node }) =>
		node !== undefined && evaluation?.model.byId.has(node) === true ? [node] : [],
	);
	if (evaluation === undefined || ids.length === 0) return register;
	const beneath = subModel(evaluation.model, [...new Set(ids)]);
	const tables = new Set(beneath.nodes.flatMap(({ table }) => (table === undefined ? [] : [table.id])));
	return register.filter(({ id }) => beneath.byId.has(id) || tables.has(id.slice(0, id.lastIndexOf("."))));
}

export function defaultsBlock(context: PackContext): Block[] {
	const { result, messages, words } = context;
	const { defaults } = result;
	if (defaults === undefined || defaults.length === 0) return [];
	const columns = messages.register.defaultsColumns;
	const table: Table = {
		caption: [words.register.defaults],
		columns: [
			{ heading: columns.path, align: "start" },
			{ heading: columns.value, align: "start" },
			{ heading: columns.source, align: "start", room: "wide" },
		],
		rows: defaults.map(({ path, value, source }) => [
			[{ kind: "code", code: path }],
			[named(String(value))],
			[named(labelOf(context, source))],
		]),
	};
	return [{ kind: "table", table }];
}

export function warningsBlock(context: PackContext): Block[] {
	const all = [...context.source.plan.warnings, ...(context.source.claims?.warnings ?? [])];
	const said = [...new Set(all.map(({ message }) => message))];
	if (said.length === 0) return [paragraph([context.words.warnings.none])];
	return [{ kind: "list", items: said.map((message): Text => [named(labelOf(context, message))]) }];
}

export function reproduceBlock(context: PackContext): Block[] {
	const { words, source } = context;
	const { plan, claims } = source;
	const labels = words.reproduce;
	const explained = explainedNode(context);
	const facts = [
		[labels.command, source.commandLine ?? `farthing ${plan.command}`],
		...(plan.command_line === undefined ? [] : [[labels.asked, plan.command_line] as const]),
		[labels.result, plan.id],
		[labels.catalogue, plan.catalogue],
		[labels.definitions, plan.definitions],
		[labels.seed, String(plan.seed)],
		[labels.asOf, plan.as_of],
		...(explained === undefined ? [] : [[labels.explain, `farthing why ${explained}`] as const]),
		...(claims === undefined ? [] : [[labels.claims, `farthing claim (${claims.id}, ${claims.catalogue})`] as const]),
	] as const;
	return [
		paragraph([labels.words]),
		{ kind: "facts", facts: facts.map(([term, code]) => ({ term, text: [{ kind: "code", code }] })) },
		paragraph([context.messages.attribution, context.messages.stop, context.messages.attributionNote]),
	];
}

/** What decides, else the first place of a ranking, else the first number of the graph. */
function explainedNode({ best, option, result, evaluation }: PackContext): string | undefined {
	const decides = best === undefined ? undefined : result.npv?.node;
	return decides ?? (option === undefined ? evaluation?.model.outputs[0] : "1");
}

const RACK_CLAIM = "gb200-15x-roi";

/** What the plan itself makes of the same arithmetic. */
function hereWords(context: PackContext): Text[] {
	return pricedStrategies(context).flatMap((each): Text[] => {
		const found = measureOf(each, "revenue_over_capital");
		if (found === undefined || each.of.strategy !== "own") return [];
		const strategy = context.words.strategies[each.of.strategy].done;
		return strategyVerb(context, each.of.strategy) === ""
			? []
			: [fill(context.words.rack.here, { ratio: ofPlan(found.quantity, found.at), strategy })];
	});
}

function figureOf({ figures }: Claim, place: number, name: string): Text | undefined {
	const of: QuantityJson | undefined = figures[name];
	return of?.value === undefined ? undefined : [quantity(of, `claims/result/claims/${place}/figures/${name}`)];
}

/** Left out where a figure is not known. */
function sentence(message: string, values: Readonly<Record<string, Text | undefined>>): Text | undefined {
	const known = Object.entries(values).filter((entry): entry is [string, Text] => entry[1] !== undefined);
	return known.length < Object.keys(values).length ? undefined : fill(message, Object.fromEntries(known));
}

function registerRow(context: PackContext, row: AssumptionRow): Text[] {
	const { words, messages } = context;
	const at =
		row.at === undefined || row.at === row.id
			? []
			: [[{ kind: "small" as const, text: [{ kind: "code" as const, code: row.at }] }]];
	return [
		[named(row.label)],
		valueText(messages, row),
		[row.owner === undefined ? words.register.noOwner : named(row.owner)],
		[{ kind: "lines", lines: [[named(row.source)], ...at] }],
		[named(row.as_of)],
		[gradeSpan(context, row.grade)],
		[],
	];
}
