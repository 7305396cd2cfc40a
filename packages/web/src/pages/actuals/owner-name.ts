import type { ActualsResult, BasesRow } from "@farthing/ledger";

type Named = { readonly [Dimension in ActualsResult["by"][number]]?: string };

/** `deepseek-r1, search`: the dimensions that were asked for; `none` for one that nobody named. */
export function ownerName(
	row: Named | BasesRow,
	by: ActualsResult["by"],
	words: { readonly none: string; readonly all: string },
): string {
	const asked = by.filter((dimension) => dimension !== "request" || "request" in row);
	return asked.length === 0 ? words.all : asked.map((dimension) => (row as Named)[dimension] ?? words.none).join(", ");
}
