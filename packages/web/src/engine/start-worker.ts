/** Over HTTP the worker is a file beside the page. From disk no worker may be loaded from a file: its text is at hand. */
export function startWorker(): Worker {
	if (!FARTHING_FROM_DISK) return new Worker(new URL(FARTHING_WORKER_FILE, document.baseURI), { type: "module" });
	const text = globalThis.farthingWorker;
	if (text === undefined) throw new Error(`${FARTHING_WORKER_FILE} was not read`);
	return new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}
