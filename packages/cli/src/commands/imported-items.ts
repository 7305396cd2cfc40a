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
		throw new FarthingError(code === "empty-file" ? 3 : 2, code, message, { ...place, expected, hint });
	}
	return items;
}
