/** The parts of a fleet that a bar shows. */
import type { PlanFleet } from "@farthing/answers";

/** In the order of the bars and of their colours. */
export const PARTS = [
	"mean",
	"peak",
	"reserve",
	"whole_replicas",
	"spare",
	"whole_hosts",
	"idle",
] as const satisfies readonly PlanFleet["parts"][number]["part"][];

/** Less of a GPU than this is the rounding of a difference. */
const LEAST = 1e-9;

export function shownParts({ parts }: Pick<PlanFleet, "parts">): PlanFleet["parts"] {
	return parts.filter(({ gpus: { value } }) => value !== undefined && value > LEAST);
}
