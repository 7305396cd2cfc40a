/** What the bundler writes into the code: see scripts/bundle-web.mjs. */
declare global {
	/** File of each part of the facts, relative to the page. */
	const FARTHING_DATA_FILES: Readonly<Record<string, string>>;
	/** Script of the worker, relative to the page; in the export a script that holds the worker as a text. */
	const FARTHING_WORKER_FILE: string;
	/** True in the pages that open from disk, where nothing can be fetched. */
	const FARTHING_FROM_DISK: boolean;
}

export {};
