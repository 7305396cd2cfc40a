/** Measures by which the ways are shown as bars. */
export const MEASURES = ["npv", "present_cost", "levelised", "peak_cash", "tco"] as const;
export type Measure = (typeof MEASURES)[number];

export function measureNamed(name: string | undefined, otherwise: Measure): Measure {
	return MEASURES.find((each) => each === name) ?? otherwise;
}
