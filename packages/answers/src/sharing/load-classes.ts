/** The loads that a scenario's `models` share the demand among, each as the scenario it would be alone. */
import { centralValue } from "@farthing/engine";
import type { ModelPlan, QuantityInput, Scenario, Traffic } from "@farthing/scenario";
import { courseOf } from "../simulate/course.ts";

export interface LoadClass {
	readonly name: string;
	readonly plan: ModelPlan;
	/** The load alone: its share of the demand in its own course, with its lengths and limits. */
	readonly scenario: Scenario & { readonly traffic: Traffic };
	/** Seconds that a batch may take in all; none: it is interactive. */
	readonly waits?: number;
}

/** Interactive loads first; of equals as written. Empty unless traffic and two or more loads are stated. */
export function loadClasses(scenario: Scenario): readonly LoadClass[] {
	const { models, traffic } = scenario;
	if (traffic === undefined || models === undefined || models.length < 2) return [];
	const all = models.map((plan, i): LoadClass => {
		const common = { name: plan.name, plan, scenario: alone(scenario, traffic, plan, `models[${i}]`) };
		return plan.waits === undefined ? common : { ...common, waits: centralValue(plan.waits.distribution) };
	});
	return [...all.filter(({ waits }) => waits === undefined), ...all.filter(({ waits }) => waits !== undefined)];
}

function alone(whole: Scenario, traffic: Traffic, plan: ModelPlan, path: string): LoadClass["scenario"] {
	const { fiveYears: _, models: __, ...scenario } = whole;
	const hourly = plan.waits === undefined ? shifted(courseOf(whole), plan.busiestHour) : LEVEL;
	const { growth: ___, ...common } = traffic;
	const { autoscaler: ____, ...unscaled } = common;
	const { tokensPerDay, peakToMean } = whole.demand;
	const demand = centralValue(tokensPerDay.distribution) * centralValue(plan.share.distribution);
	return {
		...scenario,
		name: plan.name,
		model: plan.model,
		origins: { ...whole.origins, ...ownOrigins(whole, path) },
		workload: plan.workload ?? whole.workload,
		slo: plan.slo ?? (plan.waits === undefined ? whole.slo : { ttftStatistic: "median", ttftUnknown: "accept" }),
		demand: { tokensPerDay: pointOf(tokensPerDay, demand), peakToMean: pointOf(peakToMean, Math.max(...hourly)) },
		traffic: { ...(plan.waits === undefined ? common : unscaled), hourly },
	};
}

/** Where the load's own members are written, for what cannot be found by them. */
function ownOrigins({ origins }: Scenario, path: string): Scenario["origins"] {
	const model = origins[`${path}.model`];
	return model === undefined ? {} : { model };
}

/** A batch arrives whenever it is asked for: at all hours alike. */
const LEVEL: readonly number[] = Array.from({ length: 24 }, () => 1);

/** The same course with its busiest hour at another hour of the day. */
function shifted(course: readonly number[], hour: number | undefined): readonly number[] {
	if (hour === undefined) return course;
	const shift = hour - (course.indexOf(Math.max(...course)) % 24);
	const { length } = course;
	return course.map((_, i) => course[(i - shift + length) % length] as number);
}

function pointOf<Q extends QuantityInput<never> | { readonly distribution: unknown }>(of: Q, value: number): Q {
	return { ...of, distribution: { kind: "point", value } };
}
