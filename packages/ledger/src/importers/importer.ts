import type { ImportItem } from "./import-item.ts";

/** One source: a file, standard input, the body of a request. */
export interface Source {
	/** As the user named it. */
	readonly name: string;
	/** UTF-8, unpacked (`unpack.ts`), from the start; can be asked for once. */
	readonly bytes: () => AsyncIterable<Uint8Array>;
	/** Local path of an unpacked file, for readers that need one (Parquet). */
	readonly path?: string;
}

/** What detection sees. */
export interface Head {
	readonly name: string;
	/** The first 256 KiB as text. */
	readonly text: string;
	/** True where the text begins like JSON. */
	readonly isJson: boolean;
	/** Names of members of the first object in it, of an array the first element, as far as the text goes. */
	readonly keys: ReadonlySet<string>;
	/** Cells of its first line, where it is delimited text. */
	readonly cells: readonly string[];
	readonly bytes: Uint8Array;
}

/** What the user says that a source does not. */
export interface ImportContext {
	/** GPUs behind a source that does not say them. */
	readonly gpus?: number;
	/** Start and end of what a source without times covers: milliseconds since 1970. */
	readonly from?: number;
	readonly to?: number;
	/** The model of a source that does not name it. */
	readonly model?: string;
	/** Zone of times without one, minutes east of UTC. */
	readonly zoneMinutes?: number;
}

/** One format: a folder with detection, mapping and fixtures. */
export interface Importer {
	readonly kind: string;
	/** In words, for messages. */
	readonly title: string;
	/** 0: not this format; 1: surely. The surest wins. */
	readonly detect: (head: Head) => number;
	readonly read: (source: Source, context: ImportContext) => AsyncIterable<ImportItem>;
}
