/** From facts of the catalogue to inputs of a model: citation, date and evidence grade. */
import type { Catalogue, Confidence, Figure, Source } from "@farthing/catalogue";
import { ageInDays, isDate, isStale, STALE_AFTER_DAYS } from "@farthing/catalogue";
import type { BenchmarkPoint, Grade, InputSpec, Provenance, RowEvidence } from "@farthing/engine";
import { currencyOf, dateOf } from "@farthing/engine";
import type { AnyQuantityInput } from "@farthing/scenario";
import type { Warning } from "./envelope.ts";

/**
 * Grade of a catalogue figure. An independent party's figure for exactly the thing asked stands beside an independent
 * benchmark; what the seller says, and guesses, are claims. Why: docs/decisions/evidence-grades.md.
 */
export function gradeOf(confidence: Confidence): Grade {
	return confidence === "measured" || confidence === "analyst" ? "B" : "E";
}

/** The figure as provenance of an input. */
export function figureProvenance(catalogue: Pick<Catalogue, "sources">, figure: Figure, at: string): Provenance {
	const common = {
		source: citation(catalogue.sources, figure.source),
		asOf: figure.asOf,
		grade: gradeOf(figure.confidence),
		at,
	};
	return figure.note === undefined ? common : { ...common, note: figure.note };
}

/** An input that holds a figure of the catalogue; `factor` turns its number into base units. */
export function figureInput(
	catalogue: Pick<Catalogue, "sources">,
	figure: Figure,
	label: string,
	factor: number,
	at: string,
): InputSpec {
	return { ...figureProvenance(catalogue, figure, at), label, value: { kind: "point", value: figure.value * factor } };
}

/** Citation of a source with the label it must carry. */
export function citation(sources: readonly Source[], id: string): string {
	const source = sources.find((each) => each.id === id);
	if (source === undefined) return id;
	return source.label === undefined ? source.citation : `${source.citation} (${source.label})`;
}

/** How benchmark rows are cited and graded. */
export function rowEvidence(catalogue: Pick<Catalogue, "sources">): RowEvidence {
	return { source: (point) => rowCitation(catalogue, point), grade: "B" };
}

export function rowCitation(catalogue: Pick<Catalogue, "sources">, point: BenchmarkPoint): string {
	const from = citation(catalogue.sources, point.source);
	return point.run === undefined ? from : `${from}, run ${point.run}`;
}

export function rowProvenance(catalogue: Pick<Catalogue, "sources">, point: BenchmarkPoint): Provenance {
	const common = {
		source: rowCitation(catalogue, point),
		asOf: dateOf(point),
		grade: point.isModelled === true ? "D" : "B",
		at: point.id,
		state: point.isModelled === true ? "modelled" : "measured",
	} as const;
	return point.kind === "median" ? { ...common, note: "median over all runs of this configuration" } : common;
}

/** A warning where a price is older than 90 days at `asOf`, or from after it. */
export function staleWarning(figure: Figure, what: string, asOf: string): Warning[] {
	return isStale(figure, asOf) ? [ageWarning(what, figure.asOf, asOf)] : laterWarning(what, figure.asOf, asOf);
}

/** The same of a price that a scenario states with a date of its own. */
export function staleGivenWarning(given: AnyQuantityInput, asOf: string): Warning[] {
	const { asOf: dated, unit, path } = given;
	if (dated === undefined || currencyOf(unit.dims) === undefined) return [];
	return ageInDays(dated, asOf) > STALE_AFTER_DAYS ? [ageWarning(path, dated, asOf)] : laterWarning(path, dated, asOf);
}

/** A warning where a fact is from after the day the question is asked for: nobody could have known it then. */
export function laterWarning(what: string, dated: string, asOf: string): Warning[] {
	if (!isDate(dated) || ageInDays(dated, asOf) >= 0) return [];
	return [{ code: "later-fact", message: `${what} is of ${dated}, after ${asOf}: it was not known on that day` }];
}

function ageWarning(what: string, dated: string, asOf: string): Warning {
	const days = ageInDays(dated, asOf);
	return { code: "stale-price", message: `${what} is ${days} days old on ${asOf} (dated ${dated})` };
}
