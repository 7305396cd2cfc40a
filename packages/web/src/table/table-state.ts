/** Sorting and hidden columns of a table, as words of the URL. */

export interface Sorted {
	id: string;
	desc: boolean;
}

export function sortingOf(text: string | undefined): Sorted[] {
	if (text === undefined || text === "") return [];
	return text.split(",").map((each) => ({ id: each.replace(/^-/, ""), desc: each.startsWith("-") }));
}

export function sortingText(sorting: readonly Sorted[]): string | undefined {
	return sorting.map(({ id, desc }) => `${desc ? "-" : ""}${id}`).join(",") || undefined;
}

/** `none` where all columns are shown, also those that are hidden until somebody chooses them. */
export function hiddenOf(
	text: string | undefined,
	columns: readonly { readonly id: string; readonly isHidden?: boolean }[],
): readonly string[] {
	if (text === "none") return [];
	if (text !== undefined) return text.split(",").filter((id) => columns.some((column) => column.id === id));
	return columns.filter(({ isHidden }) => isHidden === true).map(({ id }) => id);
}
