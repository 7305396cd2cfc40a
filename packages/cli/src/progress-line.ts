/** One line on stderr that is written over as a long job goes on. Nothing where stderr is no terminal. */

/** First shown when a job has taken this long, then at most this often. */
const FIRST_AFTER = 1000;
const EVERY = 200;

export interface ProgressLine {
	show(text: () => string): void;
	clear(): void;
}

export function progressLine(isQuiet: boolean): ProgressLine {
	const isShown = process.stderr.isTTY === true && !isQuiet;
	const start = performance.now();
	let last = 0;
	let hasLine = false;
	return {
		show(text) {
			if (!isShown) return;
			const now = performance.now();
			if (now - start < FIRST_AFTER || now - last < EVERY) return;
			last = now;
			hasLine = true;
			process.stderr.write(`\r\u001B[K${text()}`);
		},
		clear() {
			if (hasLine) process.stderr.write("\r\u001B[K");
		},
	};
}
