import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";

/** Whose the facts of an answer are. */
export function Attribution({ of }: { readonly of: string | undefined }): ReactNode {
	const common = useWords("common");
	return of === undefined ? null : <p className="attribution">{common.told("attribution.", of)}</p>;
}
