/** The member `traffic` of a scenario: how requests come, and how the fleet answers. */
import { fraction, second } from "@farthing/engine";
import { given, quantityOf } from "./quantity-shape.ts";
import type { TrafficAutoscaler } from "./scenario.ts";
import { defaulted, optional, required, section } from "./section.ts";
import { checked, mapped, oneOf, type Shape, wholeNumber } from "./shape.ts";
import type { TrafficAsWritten } from "./traffic-course.ts";
import { checkLoad, loadMembers, loadOf } from "./traffic-load.ts";

const time = (description: string, example: string) =>
	quantityOf(second, { description, example, bounds: { above: 0, max: 1e9 }, range: false });

const autoscaler: Shape<TrafficAutoscaler> = mapped(
	section(
		{
			policy: defaulted(
				oneOf("What replicas are added and taken away by", ["planner", "utilisation", "concurrency", "sla"]),
				"planner",
				"foresees load from the last interval, as the planner of Dynamo does",
			),
			interval: defaulted(time("Between decisions.", "1 minute"), "60 s", "often enough for a course over hours"),
			start: required(time("From the decision until a replica serves: machine, weights, warm-up.", "5 minutes")),
			patience: defaulted(
				time("How long fewer must have been enough before one is drained.", "10 minutes"),
				"600 s",
				"a short lull empties nothing",
			),
			fewest: defaulted(wholeNumber("Replicas at least", 1, 100_000), 1, "a service that answers at once"),
			target: optional(
				quantityOf(fraction, {
					description: "Share of capacity that the policy aims at.",
					example: "80%",
					fraction: true,
					bounds: { above: 0, max: 1 },
					range: false,
				}),
			),
		},
		{ description: "Replicas that come and go with the load" },
	),
	({ target, ...read }): TrafficAutoscaler => ({ ...read, ...given("target", target) }),
);

const failures = section(
	{
		between: required(time("Mean time between failures of a replica.", "30 days")),
		repair: required(time("Until it serves again.", "2 hours")),
	},
	{ description: "Replicas that fail and are repaired" },
);

export const trafficShape: Shape<TrafficAsWritten> = mapped(
	checked(
		section(
			{
				...loadMembers,
				within_limits: defaulted(
					quantityOf(fraction, {
						description: "Share of the requests that must keep the limits.",
						example: "99%",
						fraction: true,
						bounds: { above: 0, below: 1 },
						range: false,
					}),
					"99%",
					"the percentile at which service levels are mostly written",
				),
				availability: defaulted(
					quantityOf(fraction, {
						description:
							"Share of the time in which enough replicas must be up to keep the limits in the busiest hour.",
						example: "99.9%",
						fraction: true,
						bounds: { above: 0, below: 1 },
						range: false,
						beyondHint:
							"write what may be missed as well, such as 99.99%: no fleet is always up, and each nine more takes more spare replicas, where traffic.failures says how often they fail",
					}),
					"99%",
					"as many as requests must keep the limits",
				),
				autoscaler: optional(autoscaler),
				failures: optional(failures),
			},
			{
				description: "How requests come, and how the fleet answers: fleets are then sized to the limits by simulation",
			},
		),
		checkLoad,
		{},
	),
	(read): TrafficAsWritten => ({
		...loadOf(read),
		withinLimits: read.within_limits,
		availability: read.availability,
		...given("autoscaler", read.autoscaler),
		...given("failures", read.failures),
	}),
);
