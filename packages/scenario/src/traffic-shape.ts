/** The member `traffic` of a scenario: how requests come, and how the fleet answers. */
import { fraction, ratio, second } from "@farthing/engine";
import { given, quantityOf } from "./quantity-shape.ts";
import type { Traffic } from "./scenario.ts";
import { defaulted, optional, required, section } from "./section.ts";
import { id, mapped, oneOf, type Shape, wholeNumber } from "./shape.ts";

const time = (description: string, example: string) =>
	quantityOf(second, { description, example, bounds: { above: 0, max: 1e9 }, range: false });
const variation = (description: string, example: string) =>
	quantityOf(ratio, { description, example, bounds: { min: 0, max: 20 }, range: false });

const autoscaler = section(
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
	},
	{ description: "Replicas that come and go with the load" },
);

const failures = section(
	{
		between: required(time("Mean time between failures of a replica.", "30 days")),
		repair: required(time("Until it serves again.", "2 hours")),
	},
	{ description: "Replicas that fail and are repaired" },
);

const sharedPrefix = section(
	{
		share: required(
			quantityOf(fraction, {
				description: "Share of a prompt, from its start, that others have too.",
				example: "40%",
				fraction: true,
				bounds: { min: 0, max: 1 },
				range: false,
			}),
		),
		groups: defaulted(wholeNumber("Beginnings that there are", 1, 10_000_000), 100, "an assumption, grade E"),
	},
	{ description: "Prompts that begin alike, for the prefix cache" },
);

export const trafficShape: Shape<Traffic> = mapped(
	section(
		{
			shape: optional(
				id(
					"A traffic shape of the catalogue: its bursts, lengths and reuse of prompts, instead of the members for them",
					"azure-2023-conversation",
				),
			),
			burstiness: defaulted(
				variation("Coefficient of variation of the gaps between requests; 1 is Poisson.", "2"),
				1,
				"many users who do not know of each other: a Poisson process",
			),
			length_spread: defaulted(
				variation("Coefficient of variation of both lengths; 0 is all alike.", "0.8"),
				0,
				"all requests of the stated lengths",
			),
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
			shared_prefix: optional(sharedPrefix),
			autoscaler: optional(autoscaler),
			failures: optional(failures),
		},
		{ description: "How requests come, and how the fleet answers: fleets are then sized to the limits by simulation" },
	),
	(read): Traffic => ({
		...given("shape", read.shape),
		burstiness: read.burstiness,
		lengthSpread: read.length_spread,
		withinLimits: read.within_limits,
		...given("sharedPrefix", read.shared_prefix),
		...given("autoscaler", read.autoscaler),
		...given("failures", read.failures),
	}),
);
