/** The members of `traffic` that say how requests come: their course over the hours, bursts, lengths, beginnings. */
import type { Dimensionless } from "@farthing/engine";
import { centralValue, fraction, ratio, second } from "@farthing/engine";
import { fittedShape, hours } from "./fitted-shape.ts";
import { given, quantityOf } from "./quantity-shape.ts";
import { FAILED, type Failed, placeOf, placeText, type Reading } from "./reading.ts";
import type { Bursts, FittedShape, QuantityInput } from "./scenario.ts";
import { defaulted, type Member, type Members, optional, required, section, type Values } from "./section.ts";
import { id, type Shape, wholeNumber } from "./shape.ts";
import type { TrafficAsWritten } from "./traffic-course.ts";
import type { Tree } from "./tree.ts";

const variation = (description: string, example: string) =>
	quantityOf(ratio, { description, example, bounds: { min: 0, max: 20 }, range: false });

const shareOf = (description: string, example: string, bounds: { above: 0; below: 1 } | { min: 0; max: 1 }) =>
	quantityOf(fraction, { description, example, fraction: true, bounds, range: false });

const sharedPrefix = section(
	{
		share: required(shareOf("Share of a prompt, from its start, that others have too.", "40%", { min: 0, max: 1 })),
		groups: defaulted(wholeNumber("Beginnings that there are", 1, 10_000_000), 100, "an assumption, grade E"),
	},
	{ description: "Prompts that begin alike, for the prefix cache" },
);

const bursts = withRoomForQuiet(
	section(
		{
			rate: required(
				quantityOf(ratio, {
					description: "Requests in a burst over the mean at that hour.",
					example: "3",
					bounds: { above: 1, max: 1000 },
					range: false,
				}),
			),
			share: required(shareOf("Share of the time that is burst.", "10%", { above: 0, below: 1 })),
			length: required(
				quantityOf(second, {
					description: "Mean length of a burst.",
					example: "2 minutes",
					bounds: { above: 0, max: 1e7 },
					range: false,
				}),
			),
		},
		{ description: "Times of more requests with quiet ones between them: a Poisson process that switches (MMPP)" },
	),
);

const shape = orFitted(
	id(
		"A traffic shape of the catalogue, or a file that farthing shape made: its bursts, lengths and reuse of prompts, instead of the members for them",
		"azure-2023-conversation",
	),
);

type Share = QuantityInput<Dimensionless>;

interface LoadMembers extends Members {
	readonly shape: Member<string | FittedShape | undefined>;
	readonly hourly: Member<readonly number[] | undefined>;
	readonly weekend: Member<Share | undefined>;
	readonly growth: Member<Share | undefined>;
	readonly burstiness: Member<Share>;
	readonly bursts: Member<Bursts | undefined>;
	readonly length_spread: Member<Share>;
	readonly shared_prefix: Member<{ readonly share: Share; readonly groups: number } | undefined>;
}

/** Members of the section `traffic`. */
export const loadMembers: LoadMembers = {
	shape: optional(shape),
	hourly: optional(
		hours("Requests of each of 24 hours of the day, or of 168 of the week from Monday on; only their ratios count"),
	),
	weekend: optional(
		quantityOf(ratio, {
			description: "Requests of a day of the weekend over those of another day.",
			example: "0.4",
			bounds: { min: 0, max: 100 },
			range: false,
		}),
	),
	growth: optional(
		quantityOf(fraction, {
			description: "How many more requests come a week later, from the demand at the start.",
			example: "5%",
			fraction: true,
			bounds: { above: -1, max: 100 },
			range: false,
		}),
	),
	burstiness: defaulted(
		variation("Coefficient of variation of the gaps between requests; 1 is Poisson.", "2"),
		1,
		"many users who do not know of each other: a Poisson process",
	),
	bursts: optional(bursts),
	length_spread: defaulted(
		variation("Coefficient of variation of both lengths; 0 is all alike.", "0.8"),
		0,
		"all requests of the stated lengths",
	),
	shared_prefix: optional(sharedPrefix),
};

export function loadOf(
	read: Values<LoadMembers>,
): Omit<TrafficAsWritten, "withinLimits" | "availability" | "autoscaler" | "failures"> {
	return {
		...given("shape", read.shape),
		...given("hourly", read.hourly),
		...given("weekend", read.weekend),
		...given("growth", read.growth),
		burstiness: read.burstiness,
		...given("bursts", read.bursts),
		lengthSpread: read.length_spread,
		...given("sharedPrefix", read.shared_prefix),
	};
}

/** Members of which only one can hold. */
const EITHER: readonly (readonly [string, string])[] = [
	["burstiness", "bursts"],
	["shape", "burstiness"],
	["shape", "bursts"],
	["shape", "length_spread"],
	["shape", "shared_prefix"],
];

/** What cannot both hold, with both lines. */
export function checkLoad(tree: Tree, path: string, reading: Reading): Failed | undefined {
	if (tree.kind !== "map") return undefined;
	let failed: Failed | undefined;
	for (const [first, second] of EITHER) {
		const [a, b] = [tree.entries.get(first), tree.entries.get(second)];
		if (a === undefined || b === undefined) continue;
		const { file } = placeOf(b.key, "");
		failed = reading.report(
			"contradiction",
			`${first} (${placeText(a.key, file)}) and ${second} (${placeText(b.key, file)}) cannot both hold`,
			`${path}.${second}`,
			b.key,
			{ expected: `${first} or ${second}`, hint: "leave one of them out", related: [placeOf(a.key, file)] },
		);
	}
	return failed;
}

function orFitted(named: Shape<string>): Shape<string | FittedShape> {
	return {
		schema: { anyOf: [named.schema, fittedShape.schema] },
		read: (tree, path, reading) => (tree.kind === "map" ? fittedShape : named).read(tree, path, reading),
	};
}

function withRoomForQuiet(bursts: Shape<Bursts>): Shape<Bursts> {
	return {
		...bursts,
		read: (tree, path, reading) => {
			const read = bursts.read(tree, path, reading);
			if (read === FAILED) return FAILED;
			const [rate, share] = [centralValue(read.rate.distribution), centralValue(read.share.distribution)];
			if (rate * share < 1) return read;
			const message = `${read.rate.text} times the mean in ${read.share.text} of the time is more than all requests`;
			return reading.report("out-of-bounds", message, `${path}.rate`, read.rate.origin, {
				expected: "rate × share below 1",
				hint: "take a lower rate or a smaller share",
			});
		},
	};
}
