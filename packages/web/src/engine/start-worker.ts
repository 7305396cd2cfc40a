/** Over HTTP a worker is a file beside the page. From disk no worker may be loaded from a file: its text is at hand. */
export function startWorker(): Worker {
	return started(FARTHING_WORKER_FILE, "worker");
}

/** The second one, which draws beside the first. */
export function startDrawsWorker(): Worker {
	return started(FARTHING_DRAWS_WORKER_FILE, "draws");
}

function started(file: string, name: "worker" | "draws"): Worker {
	if (!FARTHING_FROM_DISK) return new Worker(new URL(file, document.baseURI), { type: "module" });
	const text = globalThis.farthingWorkers?.[name];
	if (text === undefined) throw new Error(`${file} was not read`);
	return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}
