/** What the server is asked, as plain data that crosses to a worker thread, and what comes back. */
import type { Asking } from "@farthing/answers";
import { FarthingError } from "@farthing/answers";
import type { CatalogueStore } from "@farthing/catalogue/node";
import { z } from "zod";

/** Members that every question takes. */
export const common = {
	as_of: z.iso.date().optional().meta({ description: "Ages of facts are counted at this date." }),
	seed: z.coerce.number().int().min(0).max(0xffff_ffff).optional().meta({ description: "Seed of the draws." }),
};

export interface CommonMembers {
	readonly as_of?: string | undefined;
	readonly seed?: number | undefined;
}

export function askingOf(
	store: CatalogueStore,
	command: string,
	asked: CommonMembers & Readonly<Record<string, unknown>>,
	scenarioAsOf?: string,
): Asking {
	const catalogue = store.manifest();
	const { as_of, seed, ...given } = asked;
	const decides = Object.entries(given).filter(([, value]) => value !== undefined);
	return {
		command,
		arguments: Object.fromEntries(decides),
		asOf: as_of ?? scenarioAsOf ?? catalogue.releaseDate,
		seed: seed ?? 1,
		catalogue,
	};
}

/** A list in a query: `hardware=b200,h200`. */
export const names = z
	.string()
	.max(1000)
	.transform((text) => text.split(",").map((each) => each.trim()))
	.optional();

export const tokensPerRequest = z.coerce.number().int().min(1).max(100_000_000);

/** A request that does not fit its shape: every fault, with where it stands and what was expected. */
export function malformed(error: z.ZodError): FarthingError {
	const issues = error.issues.map(({ path, message }) => `${path.join(".") || "request"}: ${message}`);
	const [first] = error.issues;
	return new FarthingError(2, "malformed-request", issues.join("; "), {
		field: first?.path.join(".") || "request",
		expected: "what /v1/openapi.json says of this request",
	});
}
