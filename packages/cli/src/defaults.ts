/** What is taken where no flag says otherwise: environment first, then the catalogue. */
import { hardwareNamed } from "@farthing/answers";
import type { Catalogue } from "@farthing/catalogue";

/** The card in force on the day asked about. */
export function defaultCard(asOf: string): string {
	return process.env["FARTHING_CARD"] ?? asOf;
}

export function defaultTier(): string {
	return process.env["FARTHING_TIER"] ?? "own_neocloud";
}

export function hardwareId(catalogue: Catalogue, name: string): string {
	return hardwareNamed(catalogue, name, { field: "--hardware" }).id;
}
