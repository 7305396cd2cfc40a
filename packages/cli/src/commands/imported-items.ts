import { FarthingError } from "@farthing/answers";
import type { ImportItem } from "@farthing/ledger/importers";
import { ImportError, importFiles } from "@farthing/ledger/importers";

/** Everything that files hold, for this question only. A record that cannot be read is an error: nothing is left out. */
export async function importedItems(files: readonly string[]): Promise<ImportItem[]> {
	const items: ImportItem[] = [];
	try {
		await importFiles(files, { strict: true }, { item: (item) => void items.push(item) });
	} catch (error) {
		if (!(error instanceof ImportError)) throw error;
		const { code, message, place, expected, hint } = error;
		// Nobody asked for strictness: it is this question that cannot leave a part of what it counts with out.
		const told =
			code === "malformed-record"
				? {
						expected: "a file that can be read whole: a part of it would give another answer",
						hint: `mend ${placeOf(place)}`,
					}
				: { expected, hint };
		throw new FarthingError(code === "empty-file" ? 3 : 2, code, message, { ...place, ...told });
	}
	return items;
}

function placeOf({ file, line }: ImportError["place"]): string {
	return line === undefined ? (file ?? "the file") : `line ${line} of ${file ?? "the file"}`;
}
