/** Parts of the export: a script calls `farthingPart(name, text)`, as a page from disk may load scripts and fetch nothing. */
const arrived = new Map<string, string>();

declare global {
	var farthingPart: ((name: string, text: string) => void) | undefined;
	/** Texts of the workers, set by a script of the export. */
	var farthingWorkers: Readonly<Record<"worker" | "draws", string>> | undefined;
}

export function loadPartScript(name: string): Promise<string> {
	globalThis.farthingPart ??= (part, text) => arrived.set(part, text);
	const file = FARTHING_DATA_FILES[name];
	if (file === undefined) return Promise.reject(new Error(`there is no part "${name}"`));
	return new Promise((resolve, reject) => {
		const script = document.createElement("script");
		script.src = file;
		script.addEventListener("load", () => {
			const text = arrived.get(name);
			if (text === undefined) reject(new Error(`${file} holds no part "${name}"`));
			else resolve(text);
			arrived.delete(name);
			script.remove();
		});
		script.addEventListener("error", () => reject(new Error(`${file} cannot be read`)));
		document.head.append(script);
	});
}
