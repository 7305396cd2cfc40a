import type {
	AliasKind,
	Aliases,
	BuildUpAssumptions,
	BuildUpHardwareFigure,
	CardRates,
	Figures,
	Hardware,
	Model,
	NamedId,
	OfVendors,
	Precision,
	RateCard,
	Source,
	Stack,
	System,
	Tier,
} from "./catalogue.ts";
import {
	ALIAS_KINDS,
	BUILD_UP_FIGURES,
	BUILD_UP_HARDWARE_FIGURES,
	HARDWARE_FIGURES,
	MODEL_FIGURES,
	SYSTEM_FIGURES,
	SYSTEM_KINDS,
	TIERS,
} from "./catalogue.ts";
import { fold } from "./lookup.ts";
import { readCheckpoints } from "./read-checkpoints.ts";
import type { IdKind, Reading } from "./read-figure.ts";
import { dateOf, dayOf, EVIDENCE_MEMBERS, readEvidence, readFigures, readUnits, referenceOf } from "./read-figure.ts";
import type { Cursor } from "./yaml-cursor.ts";
import {
	choiceOf,
	elements,
	flagOf,
	isList,
	isMapping,
	members,
	need,
	numberOf,
	report,
	textOf,
	textsOf,
} from "./yaml-cursor.ts";

export function readSources(at: Cursor, reading: Reading): Source[] {
	const top = members(at, ["sources"]);
	const list = need(at, top, "sources");
	if (list === undefined) return [];
	return [...members(list)].flatMap(([id, entry]) => {
		reading.ids.source.add(id);
		return readSource(id, entry) ?? [];
	});
}

export function readHardware(at: Cursor, reading: Reading): Hardware[] {
	const top = members(at, ["units", "accelerators"]);
	const units = readUnits(need(at, top, "units"), HARDWARE_FIGURES);
	return entries(need(at, top, "accelerators"), "hardware", reading).flatMap((entry) => {
		const found = members(entry, ["id", "name", "vendor", "memory_type", "note", "figures", ...EVIDENCE_MEMBERS]);
		const base = readEvidence(entry, found, reading);
		const named = readNamed(entry, found);
		const vendor = textOf(need(entry, found, "vendor"));
		const memoryType = textOf(need(entry, found, "memory_type"));
		const figures = readFigures(need(entry, found, "figures"), units, base, reading);
		if (named === undefined || vendor === undefined || memoryType === undefined) return [];
		return [{ ...named, vendor, memoryType, ...noteOf(found), figures }];
	});
}

export function readSystems(at: Cursor, reading: Reading): System[] {
	const top = members(at, ["units", "systems"]);
	const units = readUnits(need(at, top, "units"), SYSTEM_FIGURES);
	const known = ["id", "name", "kind", "accelerator", "cooling", "note", "figures", ...EVIDENCE_MEMBERS];
	return entries(need(at, top, "systems"), undefined, reading).flatMap((entry) => {
		const found = members(entry, known);
		const base = readEvidence(entry, found, reading);
		const named = readNamed(entry, found);
		const kind = choiceOf(need(entry, found, "kind"), SYSTEM_KINDS);
		const accelerator = referenceOf(need(entry, found, "accelerator"), "hardware", reading);
		const cooling = textOf(found.get("cooling"));
		const figures = readFigures(need(entry, found, "figures"), units, base, reading);
		if (named === undefined || kind === undefined || accelerator === undefined) return [];
		return [{ ...named, kind, accelerator, ...(cooling !== undefined && { cooling }), ...noteOf(found), figures }];
	});
}

export function readModels(at: Cursor, reading: Reading): Model[] {
	const top = members(at, ["units", "models"]);
	const units = readUnits(need(at, top, "units"), MODEL_FIGURES);
	const models: Model[] = [];
	for (const entry of entries(need(at, top, "models"), "model", reading)) {
		const model = readModel(entry, units, models, reading);
		if (model !== undefined) models.push(model);
	}
	return models;
}

export function readRateCards(at: Cursor, reading: Reading): { tiers: NamedId<Tier>[]; cards: RateCard[] } {
	const top = members(at, ["units", "tiers", "cards"]);
	const units = readUnits(need(at, top, "units"), [...TIERS, "allInPower"] as const);
	const tierTexts = need(at, top, "tiers");
	const texts = tierTexts === undefined ? new Map<string, Cursor>() : members(tierTexts, TIERS);
	const tiers = TIERS.flatMap((id) => {
		const name = tierTexts && textOf(need(tierTexts, texts, id));
		return name === undefined ? [] : [{ id, name }];
	});
	const known = ["id", "label", "from", "until", "power_boundary", "notes", "rates", ...EVIDENCE_MEMBERS];
	const cards = entries(need(at, top, "cards"), undefined, reading).flatMap((entry) => {
		const found = members(entry, known);
		const base = readEvidence(entry, found, reading);
		const id = textOf(need(entry, found, "id"));
		const label = textOf(need(entry, found, "label"));
		const from = dayOf(need(entry, found, "from"));
		const until = dayOf(found.get("until"));
		const powerBoundary = textOf(need(entry, found, "power_boundary"));
		const notes = found.has("notes") ? textsOf(found.get("notes")) : [];
		const rates: Record<string, CardRates> = {};
		const table = need(entry, found, "rates");
		for (const [hardware, cells] of table === undefined ? [] : members(table)) {
			if (!reading.ids.hardware.has(hardware) && !reading.unread.has("hardware"))
				report(cells, `unknown hardware "${hardware}"`, "the id of a hardware");
			rates[hardware] = readFigures(cells, units, base, reading);
		}
		if (from !== undefined && until !== undefined && until <= from) {
			report(found.get("until") ?? entry, `${until} is not after ${from}`, "a day after the first day of the card");
		}
		if (id === undefined || label === undefined || from === undefined || powerBoundary === undefined) return [];
		return [{ id, label, from, ...(until !== undefined && { until }), powerBoundary, notes, rates }];
	});
	return { tiers, cards };
}

export function readBuildUps(at: Cursor, reading: Reading): BuildUpAssumptions[] {
	const top = members(at, ["units", "sets"]);
	const units = readUnits(need(at, top, "units"), [...BUILD_UP_FIGURES, ...BUILD_UP_HARDWARE_FIGURES] as const);
	const known = ["id", "label", "figures", "hardware", ...EVIDENCE_MEMBERS];
	return entries(need(at, top, "sets"), undefined, reading).flatMap((entry) => {
		const found = members(entry, known);
		const base = readEvidence(entry, found, reading);
		const id = textOf(need(entry, found, "id"));
		const label = textOf(need(entry, found, "label"));
		const figures = readFigures(need(entry, found, "figures"), units, base, reading);
		const hardware: Record<string, Figures<BuildUpHardwareFigure>> = {};
		const table = need(entry, found, "hardware");
		for (const [name, cells] of table === undefined ? [] : members(table)) {
			if (!reading.ids.hardware.has(name)) report(cells, `unknown hardware "${name}"`, "the id of a hardware");
			hardware[name] = readFigures(cells, units, base, reading);
		}
		if (id === undefined || label === undefined || base === undefined) return [];
		return [{ id, label, asOf: base.asOf, figures, hardware }];
	});
}

export interface Vocabulary {
	readonly stacks: Stack[];
	readonly precisions: Precision[];
	readonly speculative: NamedId[];
}

export function readVocabulary(at: Cursor, reading: Reading): Vocabulary {
	const top = members(at, ["stacks", "precisions", "speculative"]);
	const stacks = entries(need(at, top, "stacks"), "stack", reading).flatMap((entry) => {
		const found = members(entry, ["id", "name", "disaggregated", ...VENDOR_MEMBERS]);
		const named = readNamed(entry, found);
		const disaggregated = flagOf(need(entry, found, "disaggregated"));
		const runsOn = readVendors(entry, found, reading);
		return named === undefined || disaggregated === undefined ? [] : [{ ...named, disaggregated, ...runsOn }];
	});
	const precisions = entries(need(at, top, "precisions"), "precision", reading).flatMap((entry) => {
		const found = members(entry, ["id", "name", "bits", "note", ...VENDOR_MEMBERS]);
		const named = readNamed(entry, found);
		const bits = numberOf(need(entry, found, "bits"));
		const runsOn = readVendors(entry, found, reading);
		return named === undefined || bits === undefined ? [] : [{ ...named, bits, ...noteOf(found), ...runsOn }];
	});
	const speculative = entries(need(at, top, "speculative"), "speculative", reading).flatMap((entry) => {
		return readNamed(entry, members(entry, ["id", "name"])) ?? [];
	});
	return { stacks, precisions, speculative };
}

const VENDOR_MEMBERS = ["vendors", "source", "as_of"];

/** Vendors come with their source and date; an entry that rules nothing out states none of the three. */
function readVendors(
	entry: Cursor,
	found: ReadonlyMap<string, Cursor>,
	reading: Reading,
): { readonly runsOn?: OfVendors } {
	if (VENDOR_MEMBERS.every((name) => found.get(name) === undefined)) return {};
	const vendors = textsOf(need(entry, found, "vendors"));
	const source = referenceOf(need(entry, found, "source"), "source", reading);
	const asOf = dateOf(need(entry, found, "as_of"));
	if (vendors.length === 0 || source === undefined || asOf === undefined) return {};
	return { runsOn: { vendors, source, asOf } };
}

/** Targets must be known; those of claims only once there are claims. */
export function readAliases(at: Cursor, reading: Reading): Aliases {
	const top = members(at, ALIAS_KINDS);
	const aliases: Record<AliasKind, Record<string, readonly string[]>> = {
		hardware: {},
		model: {},
		stack: {},
		precision: {},
		claim: {},
	};
	for (const kind of ALIAS_KINDS) {
		const table = top.get(kind);
		if (table === undefined) continue;
		for (const [name, target] of members(table)) {
			const targets = isList(target) ? elements(target) : [target];
			const isOpen = kind === "claim" && reading.ids.claim.size === 0;
			const read = (to: Cursor) => (isOpen ? textOf(to) : referenceOf(to, kind, reading));
			const id = [...reading.ids[kind]].find((known) => fold(known) === fold(name));
			if (id !== undefined && textOf(target) !== id) report(target, `"${name}" reads as the id "${id}"`, `"${id}"`);
			aliases[kind][name] = targets.flatMap((to) => read(to) ?? []);
		}
	}
	return aliases;
}

function readSource(id: string, entry: Cursor): Source | undefined {
	const optional = ["label", "derived_label", "attribution", "note", "url"] as const;
	const found = members(entry, ["citation", "publisher", "date", "licence", ...optional]);
	const citation = textOf(need(entry, found, "citation"));
	const publisher = textOf(need(entry, found, "publisher"));
	const date = dateOf(need(entry, found, "date"));
	const licence = textOf(need(entry, found, "licence"));
	const [label, derivedLabel, attribution, note, url] = optional.map((key) => textOf(found.get(key)));
	if (citation === undefined || publisher === undefined || date === undefined || licence === undefined)
		return undefined;
	return {
		id,
		citation,
		publisher,
		date,
		licence,
		...(label !== undefined && { label }),
		...(derivedLabel !== undefined && { derivedLabel }),
		...(attribution !== undefined && { attribution }),
		...(note !== undefined && { note }),
		...(url !== undefined && { url }),
	};
}

function readModel(
	entry: Cursor,
	units: Parameters<typeof readFigures>[1],
	earlier: readonly Model[],
	reading: Reading,
): Model | undefined {
	const own = [
		"id",
		"name",
		"released",
		"attention",
		"native_precision",
		"variants",
		"architecture_of",
		"checkpoints",
		"note",
	];
	const found = members(entry, [...own, "figures", ...EVIDENCE_MEMBERS]);
	const named = readNamed(entry, found);
	const released = dateOf(found.get("released"));
	const nativePrecision = textOf(need(entry, found, "native_precision"));
	const variants = found.has("variants") ? textsOf(found.get("variants")) : [];
	const shared = found.get("architecture_of");
	const body = shared === undefined ? undefined : findBody(shared, earlier);
	const attention = body?.attention ?? textOf(need(entry, found, "attention"));
	const evidence = shared === undefined ? readEvidence(entry, found, reading) : undefined;
	const figures =
		shared === undefined ? readFigures(need(entry, found, "figures"), units, evidence, reading) : body?.figures;
	const checkpoints = readCheckpoints(found.get("checkpoints"), evidence, reading);
	if (named === undefined || attention === undefined || nativePrecision === undefined || figures === undefined) {
		return undefined;
	}
	return {
		...named,
		...(released !== undefined && { released }),
		attention,
		nativePrecision,
		variants,
		...(body !== undefined && { architectureOf: body.id }),
		checkpoints,
		...noteOf(found),
		figures: figures as Model["figures"],
	};
}

function findBody(at: Cursor, earlier: readonly Model[]): Model | undefined {
	const id = textOf(at);
	return earlier.find((model) => model.id === id) ?? report(at, `no model "${id}" above`, "the id of an earlier model");
}

/** The elements of a list of entries; their ids are noted as known and must differ. */
function entries(at: Cursor | undefined, kind: IdKind | undefined, reading: Reading): Cursor[] {
	const seen = new Set<string>();
	const list = elements(at);
	for (const entry of list) {
		if (!isMapping(entry)) continue;
		const id = members(entry).get("id");
		const text = id === undefined ? undefined : textOf(id);
		if (id === undefined || text === undefined) continue;
		if (seen.has(text)) report(id, `id "${text}" stands twice`, "each id once");
		seen.add(text);
		if (kind !== undefined) reading.ids[kind].add(text);
	}
	return list;
}

function readNamed(entry: Cursor, found: ReadonlyMap<string, Cursor>): NamedId | undefined {
	const id = textOf(need(entry, found, "id"));
	const name = textOf(need(entry, found, "name"));
	return id === undefined || name === undefined ? undefined : { id, name };
}

function noteOf(found: ReadonlyMap<string, Cursor>): { note?: string } {
	const note = textOf(found.get("note"));
	return note === undefined ? {} : { note };
}
