/** What the bundler writes into the code: see scripts/bundle-web.mjs. */
declare global {
	/** File of each part of the facts, relative to the page. */
	const FARTHING_DATA_FILES: Readonly<Record<string, string>>;
	/** Scripts of the workers, relative to the page; in the export one script that holds both as texts. */
	const FARTHING_WORKER_FILE: string;
	const FARTHING_DRAWS_WORKER_FILE: string;
	/** True in the pages that open from disk, where nothing can be fetched. */
	const FARTHING_FROM_DISK: boolean;
}

export {};
