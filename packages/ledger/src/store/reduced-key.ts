import { DIMENSIONS, DROPPED_BY_ROLL_UPS, KEY_SEPARATOR, type DimensionName } from "./table.ts";

/** The key of a dimension without the labels that roll-ups drop. */
export function reducedKey(dimension: DimensionName, key: string): string {
	const dropped = DROPPED_BY_ROLL_UPS[dimension];
	if (dropped.length === 0) return key;
	const members = DIMENSIONS[dimension];
	const kept = key.split(KEY_SEPARATOR).map((label, i) => (dropped.includes(members[i] ?? "") ? "" : label));
	return kept.join(KEY_SEPARATOR);
}
