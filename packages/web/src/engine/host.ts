/** What a question may use while it is answered in the worker. */
import type { Catalogue, CatalogueManifest } from "@farthing/catalogue";
import type { FanPartner } from "@farthing/engine";
import type { PickedFile } from "./picked-trace.ts";
import type { Needs } from "./partial-catalogue.ts";

export interface Host {
	manifest(): Promise<CatalogueManifest>;
	catalogue(needs: Needs): Promise<Catalogue>;
	/** Models that have benchmark rows. */
	measuredModels(): readonly string[];
	/** Text of an example scenario, by its name. */
	example(name: string): Promise<string>;
	/** A file that the reader picked for this flag; refused where the page does not have it any more. */
	file(key: string, flag: string): Promise<PickedFile>;
	/** The value made for this key, if it is still kept; else made and kept. Few are kept: the last ones. */
	kept<T>(key: string, make: () => Promise<T>): Promise<T>;
	/** Asks the server that the pages came from; throws a refusal where they are open from disk. */
	server(path: string, sent?: ServerSent): Promise<ServerReply>;
	/** A second thread for draws, once it is up. */
	drawsPartner(): FanPartner | undefined;
	/** Tells the page how far a long answer is, from 0 to 1. */
	progress(share: number): void;
}

export interface ServerSent {
	/** API key, where the server demands one. */
	readonly key?: string | undefined;
	/** Sent as JSON. */
	readonly body?: unknown;
}

export interface ServerReply {
	readonly status: number;
	readonly body: unknown;
	/** Flags by which the command line reads what the server read. */
	readonly beside?: readonly string[];
}

export type AskServer = Host["server"];
