/** Member of the scenario that an input of the model comes from, where a page may have a field for it. */
export function inputPath(node: string): string | undefined {
	return PATHS[node];
}

const PATHS: Readonly<Record<string, string>> = {
	"demand.tokens": "demand.tokens_per_day",
	"sizing.peak_to_mean": "demand.peak_to_mean",
	"sizing.spare_replicas": "redundancy.spare_replicas",
	"sizing.availability": "redundancy.availability",
};
