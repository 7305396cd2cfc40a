/**
 * Units of a currency for one dollar, from the catalogue's exchange rates: those of the last day up to a date on which the
 * dollar has one too. A rate between two currencies of one table is the quotient of theirs, kept to 6 digits as published.
 */
import type { FacilityFact, Facts, Source } from "@farthing/catalogue";
import { ageInDays } from "@farthing/catalogue";
import type { Grade } from "@farthing/engine";
import { worstGrade } from "@farthing/engine";
import { gradeOf } from "./evidence.ts";

export interface DollarRate {
	readonly code: string;
	/** Units of the currency for one dollar. */
	readonly perDollar: number;
	readonly date: string;
	/** At the date of the question. */
	readonly ageInDays: number;
	readonly grade: Grade;
	readonly source: Pick<Source, "id" | "citation" | "publisher" | "url">;
}

/** The currency that rates are quoted in comes first. */
export function dollarRates({ facility, sources }: Pick<Facts, "facility" | "sources">, asOf: string): DollarRate[] {
	const known = facility.filter(({ kind, figure }) => kind === "exchange" && figure.asOf <= asOf);
	const dollars = known.filter(({ figure }) => figure.unit.startsWith("USD/"));
	const dollar = dollars.reduce<FacilityFact | undefined>(
		(last, each) => (last === undefined || each.figure.asOf > last.figure.asOf ? each : last),
		undefined,
	);
	const source = sources.find(({ id }) => id === dollar?.figure.source);
	if (dollar === undefined || source === undefined) return [];
	const { value: usd, asOf: date, unit, confidence } = dollar.figure;
	const [, base] = unit.split("/") as [string, string];
	const { id, citation, publisher, url } = source;
	const rate = (code: string, perBase: number, grade: Grade): DollarRate => ({
		code,
		perDollar: Number((perBase / usd).toPrecision(6)),
		date,
		ageInDays: ageInDays(date, asOf),
		grade,
		source: { id, citation, publisher, ...(url === undefined ? {} : { url }) },
	});
	const others = known.filter(
		({ figure }) =>
			figure.asOf === date && figure.source === id && figure.unit !== unit && figure.unit.endsWith(`/${base}`),
	);
	return [
		rate(base, 1, gradeOf(confidence)),
		...others.map(({ figure }) => {
			const grades = [gradeOf(confidence), gradeOf(figure.confidence)];
			return rate(figure.unit.slice(0, 3), figure.value, worstGrade(grades) as Grade);
		}),
	];
}
