/** Which question was last asked of each kind: what the Why drawer explains a number of. */
import { useSyncExternalStore } from "react";

const asked = new Map<string, unknown>();
const listeners = new Set<() => void>();

export function noteSource(kind: string, words: unknown): void {
	if (JSON.stringify(asked.get(kind)) === JSON.stringify(words)) return;
	asked.set(kind, words);
	for (const listener of listeners) listener();
}

export function useSource(kind: string | undefined): unknown {
	return useSyncExternalStore(subscribe, () => (kind === undefined ? undefined : asked.get(kind)));
}

function subscribe(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}
