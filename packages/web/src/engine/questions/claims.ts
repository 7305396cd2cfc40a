/** All claims of the catalogue with their verdicts. */
import type { ClaimList, Envelope } from "@farthing/answers";
import { claims } from "@farthing/answers";
import type { Host } from "../host.ts";
import { claimAsking, claimCatalogue } from "./claim.ts";

export async function answer(_words: null, host: Host): Promise<Envelope<ClaimList>> {
	return claims(await claimCatalogue(host), await claimAsking(host, {}));
}
