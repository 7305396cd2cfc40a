/** What a GPU-hour costs under a scenario: a rate card and tier, rates of one's own, or the open build-up. */
import type { Catalogue, Figure, Hardware, Tier } from "@farthing/catalogue";
import { isDay, rateCard, rateFor, TIERS } from "@farthing/catalogue";
import type { Expr, UsdPerGpuHour } from "@farthing/engine";
import { define, gpuHourBuildUp, input, usdPerGpuHour } from "@farthing/engine";
import type { AnyQuantityInput, BuildUp, Cost, Rates, Scenario } from "@farthing/scenario";
import { assumptionSet, buildUpInputs } from "./build-up.ts";
import type { Warning } from "./envelope.ts";
import { figureInput, laterWarning, staleGivenWarning, staleWarning } from "./evidence.ts";
import { FarthingError, type FarthingErrorDetail } from "./farthing-error.ts";
import { scenarioInput } from "./given.ts";
import { hardwareNamed, shortened } from "./names.ts";

export type RateAnswer =
	| {
			readonly known: true;
			readonly rate: Expr<UsdPerGpuHour>;
			readonly owned: boolean;
			/** Who pays for an hour in which the machine is off; absent: nobody, the rate is by the hour used. */
			readonly committed?: string;
	  }
	| { readonly known: false; readonly reason: string };

/** Answers the rate of one hardware; the same expression each time it is asked. */
export interface RateBook {
	readonly describe: string;
	/** Date of the prices. */
	readonly currencyDate: string;
	rateOf(hardware: string): RateAnswer;
	/** Warnings about the rates handed out so far. */
	warnings(): readonly Warning[];
}

/** Throws exit 3 for a card, tier, assumption set or hardware that the catalogue does not have. */
export function rateBook(catalogue: Catalogue, cost: Cost, asOf: string): RateBook {
	const warnings: Warning[] = [];
	const known = new Map<string, RateAnswer>();
	const source = rateSource(catalogue, cost, asOf, warnings);
	return {
		describe: source.describe,
		currencyDate: source.currencyDate,
		rateOf(hardware) {
			const already = known.get(hardware);
			if (already !== undefined) return already;
			const answer = source.find(hardware);
			known.set(hardware, answer);
			return answer;
		},
		warnings: () => warnings,
	};
}

interface RateSource {
	readonly describe: string;
	readonly currencyDate: string;
	readonly find: (hardware: string) => RateAnswer;
}

/** The same of a scenario: what its card does not have is told with its place in the file. */
export function scenarioRates(catalogue: Catalogue, { cost, origins }: Scenario, asOf: string): RateBook {
	try {
		return rateBook(catalogue, cost, asOf);
	} catch (error) {
		if (!(error instanceof FarthingError)) throw error;
		const { exit, code } = error;
		const { message, detail } = error.given;
		const path = CARD_MEMBERS[code];
		const origin = path === undefined ? undefined : origins[path];
		if (path === undefined || origin === undefined) throw error;
		throw new FarthingError(exit, code, message, { ...detail, ...placeOf({ origin, path }) });
	}
}

const CARD_MEMBERS: Readonly<Record<string, string>> = {
	"unknown-card": "cost.card.id",
	"unknown-tier": "cost.card.tier",
};

function rateSource(catalogue: Catalogue, cost: Cost, asOf: string, warnings: Warning[]): RateSource {
	if (cost.kind === "build-up") return buildUpSource(catalogue, cost.buildUp, asOf, warnings);
	const own = ownRates(catalogue, cost.rates, asOf, warnings);
	if (cost.kind === "rates") {
		return {
			describe: "rates of the scenario",
			currencyDate: asOf,
			find: (hardware) => own.get(hardware) ?? { known: false, reason: `no rate is given for ${hardware}` },
		};
	}
	const card = cardSource(catalogue, cost.card.id, cost.card.tier, asOf, warnings);
	return { ...card, find: (hardware) => own.get(hardware) ?? card.find(hardware) };
}

/** Rates of one card and tier. */
export function cardSource(
	catalogue: Catalogue,
	cardId: string,
	tierName: string,
	asOf: string,
	warnings: Warning[],
): RateSource {
	const card = rateCard(catalogue, cardId);
	if (!card.found) {
		const message = isDay(cardId) ? card.reason : `no rate card "${shortened(cardId)}" in the catalogue`;
		throw new FarthingError(3, "unknown-card", message, {
			expected: {
				en: "the id of a rate card, or a date on which one was in force",
				zh: "费率表的编号，或某个费率表生效的日期",
			},
			hint: isDay(cardId)
				? "farthing catalog list rate-cards, then --card ID, or give a rate of your own"
				: "farthing catalog list rate-cards",
			nearest: card.nearest,
		});
	}
	const tier = TIERS.find((each) => each === tierName.replaceAll("-", "_"));
	if (tier === undefined) {
		throw new FarthingError(
			3,
			"unknown-tier",
			{ en: `rate cards have no tier "${tierName}"`, zh: `费率表没有“${tierName}”一档` },
			{
				expected: TIERS.join(", "),
				nearest: [...TIERS],
			},
		);
	}
	const { id, from } = card.value;
	return {
		describe: `rate card ${id}, tier ${tier}`,
		currencyDate: from,
		find(hardware) {
			const figure = rateFor(card.value, hardware, tier);
			if (!figure.known) return { known: false, reason: figure.reason };
			const later = laterWarning(`rate card ${id}`, from, asOf);
			warnings.push(...(later.length > 0 ? later : staleWarning(figure.figure, `rate card ${id} (${tier})`, asOf)));
			const label = `${hardware}, ${TIER_WORDS[tier]}`;
			const at = `rate-cards/${id}/${hardware}/${tier}`;
			const spec = figureInput(catalogue, figure.figure, label, usdPerGpuHour.factor, at);
			return {
				known: true,
				rate: input(`rate.${id}.${tier}.${hardware}`, usdPerGpuHour, spec),
				owned: tier !== "rent_3yr",
				committed: tier === "rent_3yr" ? CONTRACT : OWNER,
			};
		},
	};
}

const OWNER = "its owner pays for it whether it runs or not";
const CONTRACT = "a three-year contract pays for it whether it runs or not";

export const TIER_WORDS: Readonly<Record<Tier, string>> = {
	own_hyperscaler: "cost to a hyperscaler that owns it",
	own_neocloud: "cost to a neocloud that owns it",
	rent_3yr: "3-year rent",
};

function ownRates(
	catalogue: Catalogue,
	rates: Rates,
	asOf: string,
	warnings: Warning[],
): ReadonlyMap<string, RateAnswer> {
	const named = namesOnce(catalogue, rates, placeOf);
	return new Map(
		named.map(([hardware, given]) => {
			const later = given.asOf === undefined ? [] : laterWarning(given.path, given.asOf, asOf);
			warnings.push(...(later.length > 0 ? later : staleGivenWarning(given, asOf)));
			const options = { label: `${hardware}, rate of the scenario`, role: "evidence", asOf } as const;
			const rate = scenarioInput(`rate.given.${hardware}`, given, options);
			return [hardware, { known: true, rate, owned: false }] as const;
		}),
	);
}

function buildUpSource(catalogue: Catalogue, given: BuildUp, asOf: string, warnings: Warning[]): RateSource {
	const set = given.assumptions === undefined ? undefined : assumptionSet(catalogue, given.assumptions);
	const buildUp = withHardwareIds(catalogue, given);
	return {
		describe: `open build-up${set === undefined ? "" : `, assumptions "${set.id}"`}`,
		currencyDate: set?.asOf ?? asOf,
		find(hardware) {
			const id = `build_up.${hardware}`;
			const inputs = buildUpInputs(catalogue, buildUp, hardware, { id, asOf, warnings });
			if ("missing" in inputs) return { known: false, reason: inputs.missing };
			const { total } = gpuHourBuildUp(id, inputs);
			const label = `${hardware}, built up openly`;
			const rate = define(`rate.build_up.${hardware}`, usdPerGpuHour, total, { label });
			return { known: true, rate, owned: true, committed: OWNER };
		},
	};
}

/** Capital and power under catalogue ids. Throws exit 3 for unknown hardware. */
function withHardwareIds(catalogue: Catalogue, given: BuildUp): BuildUp {
	const named = namesOnce(catalogue, given.hardware, ({ capital, power }) => {
		const place = capital ?? power;
		return place === undefined ? {} : placeOf(place);
	});
	return { ...given, hardware: Object.fromEntries(named) };
}

/** Members under catalogue ids. Throws exit 3 for unknown hardware, exit 2 where one part goes by two of its names. */
function namesOnce<T>(
	catalogue: Catalogue,
	members: Readonly<Record<string, T>>,
	where: (of: T) => FarthingErrorDetail,
): [string, T][] {
	const names = new Map<string, string>();
	return Object.entries(members).map(([name, of]) => {
		const { id } = hardwareNamed(catalogue, name, where(of));
		const before = names.get(id);
		if (before !== undefined) {
			throw new FarthingError(2, "contradiction", `"${before}" and "${name}" are one part, ${id}, given twice`, {
				...where(of),
				expected: `${id} once`,
				hint: "leave one of them out",
			});
		}
		names.set(id, name);
		return [id, of];
	});
}

/** Where a member of a scenario stands, for messages. */
export function placeOf(given: Pick<AnyQuantityInput, "origin" | "path">): {
	readonly field: string;
	readonly file?: string;
	readonly line?: number;
	readonly column?: number;
} {
	const { origin, path } = given;
	if (origin.kind !== "file") return { field: path };
	return { field: path, file: origin.file, line: origin.line, column: origin.column };
}

export interface HostSize {
	/** Catalogue path of the fact. */
	readonly at: string;
	readonly name: string;
	readonly gpus: Figure;
}

/** GPUs that are bought together: a server or rack of the catalogue, else the scale-up domain of the part. */
export function hostSizeOf(catalogue: Catalogue, hardware: Hardware["id"]): HostSize | undefined {
	for (const { id, name, kind, accelerator, figures } of catalogue.systems) {
		if (accelerator !== hardware || (kind !== "server" && kind !== "rack") || figures.gpus === undefined) continue;
		return { at: `systems/${id}/gpus`, name, gpus: figures.gpus };
	}
	const part = catalogue.hardware.find(({ id }) => id === hardware);
	const domain = part?.figures.scaleUpDomain;
	if (part === undefined || domain === undefined) return undefined;
	return { at: `hardware/${hardware}/scaleUpDomain`, name: `${part.name} scale-up domain`, gpus: domain };
}
