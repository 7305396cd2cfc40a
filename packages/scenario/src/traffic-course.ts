/**
 * The course of the requests over the hours and the peak of the demand are one fact: `demand.peak_to_mean` follows from
 * stated hours, and a day made of the peak, with its weekend, keeps it.
 */
import type { Dimensionless } from "@farthing/engine";
import { centralValue, dayProfile, weekProfile } from "@farthing/engine";
import { FAILED, type Failed, placeOf, placeText, type Reading } from "./reading.ts";
import type { Origin, QuantityInput, Scenario, Traffic } from "./scenario.ts";
import type { ScenarioContent } from "./scenario-shape.ts";
import type { Shape } from "./shape.ts";

export interface TrafficAsWritten extends Traffic {
	/** Requests of a day of the weekend over those of another day. */
	readonly weekend?: QuantityInput<Dimensionless>;
}

/** A scenario's shape whose hours and peak agree. */
export function withCourse(shape: Shape<ScenarioContent>): Shape<ScenarioContent> {
	return {
		...shape,
		read: (tree, path, reading) => {
			const content = shape.read(tree, path, reading);
			return content === FAILED || content.traffic === undefined ? content : settled(content, reading);
		},
	};
}

function settled(content: ScenarioContent, reading: Reading): ScenarioContent | Failed {
	const { weekend, ...traffic } = content.traffic as TrafficAsWritten;
	const hourly = hoursOf(content, weekend, reading);
	if (hourly === FAILED) return FAILED;
	if (hourly === undefined) return { ...content, traffic };
	const demand = peakOf(content.demand, hourly, reading);
	return demand === FAILED ? FAILED : { ...content, demand, traffic: { ...traffic, hourly } };
}

/** With mean 1; undefined where nothing says more than the peak. */
function hoursOf(
	{ demand, traffic }: ScenarioContent,
	weekend: QuantityInput<Dimensionless> | undefined,
	reading: Reading,
): readonly number[] | undefined | Failed {
	const isPeakStated = demand.peakToMean.origin.kind !== "default";
	const shape = traffic?.shape;
	const ofShape = typeof shape === "object" && !isPeakStated ? shape.hourly : undefined;
	const stated = traffic?.hourly ?? ofShape;
	if (weekend === undefined) return stated === undefined ? undefined : meanOne(stated);
	const factor = centralValue(weekend.distribution);
	if (stated !== undefined) {
		if (stated.length === 24) return weekProfile(stated, factor);
		return contradiction(
			reading,
			"traffic.hourly",
			"traffic.weekend",
			"hours of a whole week have their weekend in them",
		);
	}
	const peak = centralValue(demand.peakToMean.distribution);
	const ofWeekdays = (peak * (5 + 2 * factor)) / 7;
	if (ofWeekdays >= 1) return weekProfile(dayProfile(ofWeekdays), factor);
	return contradiction(
		reading,
		"demand.peak_to_mean",
		"traffic.weekend",
		`a level weekday is already ${(7 / (5 + 2 * factor)).toPrecision(4)} times the mean of the week`,
	);
}

/** The peak that the hours have, where none is stated; a stated one must be it. */
function peakOf(demand: Scenario["demand"], hourly: readonly number[], reading: Reading): Scenario["demand"] | Failed {
	const peak = Math.max(...hourly);
	const { peakToMean } = demand;
	if (peakToMean.origin.kind === "default") {
		const source = "the busiest of the stated hours over their mean";
		const value = String(Number(peak.toPrecision(6)));
		const place = reading.defaults.findIndex(({ path }) => path === peakToMean.path);
		if (place >= 0) reading.defaults[place] = { path: peakToMean.path, value, source };
		const origin: Origin = { kind: "default", source };
		return {
			...demand,
			peakToMean: { ...peakToMean, distribution: { kind: "point", value: peak }, text: value, origin },
		};
	}
	if (Math.abs(centralValue(peakToMean.distribution) / peak - 1) < 0.01) return demand;
	const said = ["traffic.hourly", "traffic.weekend"].find((path) => reading.origins[path] !== undefined);
	return contradiction(
		reading,
		said ?? "traffic.shape",
		"demand.peak_to_mean",
		`the busiest hour is ${peak.toPrecision(4)} times the mean`,
	);
}

function contradiction(reading: Reading, first: string, second: string, because: string): Failed {
	const at = (path: string): Origin => reading.origins[path] as Origin;
	const { file } = placeOf(at(second), "");
	return reading.report(
		"contradiction",
		`${first} (${placeText(at(first), file)}) and ${second} (${placeText(at(second), file)}) cannot both hold: ${because}`,
		second,
		at(second),
		{ expected: "one of them, or two that agree", hint: "leave one of them out", related: [placeOf(at(first), file)] },
	);
}

function meanOne(hours: readonly number[]): readonly number[] {
	const mean = hours.reduce((sum, hour) => sum + hour, 0) / hours.length;
	return hours.map((hour) => hour / mean);
}
