/** Units as parts of the names of columns. */
import type { QuantityJson } from "@farthing/engine";

/** `USD/Mtok` of total tokens becomes `usd_per_mtok_total`. */
export function unitName({ unit, tokens }: QuantityJson): string {
	const words = slug(unit.replaceAll("/", " per "));
	return [words, ...(tokens === undefined ? [] : [tokens])].filter((part) => part !== "").join("_");
}

export function slug(text: string): string {
	return text
		.toLowerCase()
		.replaceAll("+", "_plus_")
		.replace(/[^a-z0-9]+/g, "_")
		.replace(/^_|_$/g, "");
}
