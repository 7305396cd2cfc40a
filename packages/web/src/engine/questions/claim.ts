/** One claim of the catalogue, tested. */
import type { Asking, ClaimAnswer, Envelope } from "@farthing/answers";
import { claim } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";
import type { Host } from "../host.ts";

export interface ClaimWords {
	readonly id: string;
}

export type TestedClaim = Omit<Envelope<ClaimAnswer>, "graph">;

export async function answer(words: ClaimWords, host: Host): Promise<TestedClaim> {
	const { graph: _, ...shown } = await savedClaim(words, host);
	return shown;
}

/** With its graph, kept for the next `why`. */
export function savedClaim({ id }: ClaimWords, host: Host): Promise<Envelope<ClaimAnswer>> {
	return host.kept(`claim ${id}`, async () => claim(await claimCatalogue(host), id, await claimAsking(host, { id })));
}

/** A claim may compare any rows. */
export function claimCatalogue(host: Host): Promise<Catalogue> {
	return host.catalogue({ benchmarks: "all", tables: ["accuracyRuns"] });
}

/** As on the command line: `id` where one was named. */
export async function claimAsking(host: Host, decides: Asking["arguments"]): Promise<Asking> {
	const catalogue = await host.manifest();
	return { command: "claim", arguments: decides, asOf: catalogue.releaseDate, seed: 1, catalogue };
}
