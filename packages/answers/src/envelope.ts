import type { CatalogueManifest } from "@farthing/catalogue";
import type { ModelJson } from "@farthing/engine";
import { canonicalJson, sha256Hex } from "@farthing/engine";

/** Version of the meaning of the numbers. Raised when a definition changes, so that results stay comparable. */
export const DEFINITIONS = "1";

/** The one envelope of all commands. */
export interface Envelope<R> {
	readonly schema: "farthing/1";
	readonly command: string;
	readonly id: string;
	readonly as_of: string;
	readonly catalogue: string;
	readonly definitions: string;
	readonly seed: number;
	readonly warnings: readonly Warning[];
	readonly result: R;
	/** The question as one would type it, with every word that decides the answer; files by their names. In saved results only. */
	readonly command_line?: string;
	/** Nodes with unit, expression, meta and value: in saved results only. */
	readonly graph?: ModelJson;
}

export interface Warning {
	readonly code: string;
	readonly message: string;
}

/** What an answer is asked with, beside the question itself. */
export interface Asking {
	readonly command: string;
	/** Arguments as given, for the id. */
	readonly arguments: Readonly<Record<string, unknown>>;
	/** Ages of facts are counted at this date. */
	readonly asOf: string;
	readonly seed: number;
	readonly catalogue: CatalogueManifest;
	/** As it is typed, for who wants to repeat it: no part of the id. */
	readonly commandLine?: string;
	/** The scenario as plain data, where there is one. */
	readonly scenario?: unknown;
}

export function envelope<R>(asking: Asking, result: R, warnings: readonly Warning[], graph?: ModelJson): Envelope<R> {
	const { command, asOf, seed, catalogue, commandLine } = asking;
	const common = {
		schema: "farthing/1",
		command,
		id: resultId(asking),
		as_of: asOf,
		catalogue: `${catalogue.version}+${catalogue.hash.slice(0, 12)}`,
		definitions: DEFINITIONS,
		seed,
		warnings: withoutRepeats(warnings),
		result,
		...(commandLine === undefined ? {} : { command_line: commandLine }),
	} as const;
	return graph === undefined ? common : { ...common, graph };
}

/** First 16 hex digits of the SHA-256 of everything that decides the answer. */
function resultId({ command, arguments: given, scenario, catalogue, seed, asOf }: Asking): string {
	const decides = {
		command,
		arguments: given,
		scenario: scenario ?? null,
		catalogue: catalogue.hash,
		definitions: DEFINITIONS,
		seed,
		as_of: asOf,
	};
	return sha256Hex(canonicalJson(decides)).slice(0, 16);
}

function withoutRepeats(warnings: readonly Warning[]): Warning[] {
	const seen = new Set<string>();
	return warnings.filter(({ code, message }) => {
		const key = `${code} ${message}`;
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
}
