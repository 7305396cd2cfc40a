/** Figures that a scenario without years can be filled in with: those of an example, and a rent of the catalogue. */
import type { JsonObject } from "@farthing/scenario";
import type { RentOffer } from "../engine/questions/rents.ts";
import { useAnswer } from "../engine/use-answer.ts";
import type { Change } from "../state/app-state.ts";
import { exampleMembers } from "../state/example-members.ts";

/** The example that has years. */
export const EXAMPLE = "five-years";
const EXAMPLE_WORDS = { base: EXAMPLE, changes: {} } as const;
/** The example rents at the prices of its cost, which another scenario may not have. */
export const ON_DEMAND = "strategies.rent.on_demand";

export interface ExampleFigures {
	readonly document: JsonObject;
	/** A price on demand of the machine of the example. */
	readonly offer?: RentOffer;
	/** What is filled in under the named members. */
	of(members: readonly string[]): Readonly<Record<string, Change>>;
}

export function useExampleFigures(): ExampleFigures | undefined {
	const { answer: example } = useAnswer("scenario", EXAMPLE_WORDS);
	const hardware =
		example === undefined ? undefined : exampleMembers(example.document, ["strategies"]).changes[HARDWARE];
	const { answer: rents, isWaiting } = useAnswer("rents", typeof hardware === "string" ? { hardware } : undefined);
	if (example === undefined || isWaiting) return undefined;
	const { document } = example;
	const offer = rents?.middle;
	return {
		document,
		...(offer === undefined ? {} : { offer }),
		of: (members) => ({
			...exampleMembers(document, members).changes,
			...(offer !== undefined && members.includes("strategies") ? { [ON_DEMAND]: offer.rate } : {}),
		}),
	};
}

const HARDWARE = "strategies.hardware";
