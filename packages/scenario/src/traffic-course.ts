/**
 * The course of the requests over the hours and the peak of the demand are one fact: `demand.peak_to_mean` follows from
 * stated hours, or from the weekend where neither is stated; a day made of a stated peak, with its weekend, keeps it.
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
	const source = sourceOfPeak(content, content.demand.peakToMean.text);
	const demand = peakOf(content.demand, hourly, source, reading);
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
	// The default is the peak of a day over its own mean; what is stated is the busiest hour over the mean of the week.
	if (!isPeakStated) return weekProfile(dayProfile(peak), factor);
	const busiestDay = (7 * Math.max(1, factor)) / (5 + 2 * factor);
	if (peak >= busiestDay) return weekProfile(dayProfile(peak / busiestDay), factor);
	const which = factor > 1 ? "day of the weekend" : "weekday";
	return contradiction(
		reading,
		"demand.peak_to_mean",
		"traffic.weekend",
		`a level ${which} is already ${busiestDay.toPrecision(4)} times the mean of the week`,
	);
}

/** What the hours are of, where no peak is stated. */
function sourceOfPeak({ traffic }: ScenarioContent, peak: string): string {
	const { weekend, hourly, shape } = traffic as TrafficAsWritten;
	const week = weekend === undefined ? "" : ` over the mean of a week whose weekend is ${weekend.text} of other days`;
	if (hourly !== undefined) return `the busiest of the stated hours${week === "" ? " over their mean" : week}`;
	if (shape !== undefined && typeof shape === "object")
		return `the busiest hour of the fitted shape${week === "" ? " over its mean" : week}`;
	return `the busiest hour of days with a peak of ${peak} each,${week}`;
}

/** The peak that the hours have, where none is stated; a stated one must be it. */
function peakOf(
	demand: Scenario["demand"],
	hourly: readonly number[],
	source: string,
	reading: Reading,
): Scenario["demand"] | Failed {
	const peak = Math.max(...hourly);
	const { peakToMean } = demand;
	if (peakToMean.origin.kind === "default") {
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
