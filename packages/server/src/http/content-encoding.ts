/** How a body is packed: names of codings are read in any case, and `x-gzip` is an old name of gzip (RFC 9110, 8.4.1). */
import type { Said } from "@farthing/answers";
import { RefusalError } from "../problem.ts";

/** The coding of a body, `identity` where none is named. Throws 415 for one that is not among those taken. */
export function encodingOf(header: string | undefined, taken: readonly string[], expected: Said): string {
	const named = (header ?? "").trim().toLowerCase();
	const encoding = named === "" ? "identity" : named === "x-gzip" ? "gzip" : named;
	if (taken.includes(encoding)) return encoding;
	throw new RefusalError(415, "unknown-encoding", expected);
}
