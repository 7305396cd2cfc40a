/** Results kept for `GET /v1/results/{id}` and its explanations, newest first, up to a number of bytes. */

export interface KeptResult {
	readonly id: string;
	/** Strong ETag of `shown`. */
	readonly etag: string;
	/** The envelope without its graph, as it was answered. */
	readonly shown: string;
	/** The envelope with its graph. */
	readonly whole: string;
}

export interface ResultShelf {
	keep(tenant: string, result: KeptResult): void;
	/** A result of this tenant; undefined where it has none of that id, whoever else has. */
	find(tenant: string, id: string): KeptResult | undefined;
}

const MAX_BYTES = 256 * 1024 * 1024;

/** A Map keeps the order of insertion, so that its first entry is the one longest unused. */
export function resultShelf(maxBytes: number = MAX_BYTES): ResultShelf {
	const held = new Map<string, KeptResult>();
	let bytes = 0;
	const size = ({ shown, whole }: KeptResult): number => 2 * (shown.length + whole.length);
	const drop = (key: string): void => {
		const result = held.get(key);
		if (result === undefined) return;
		held.delete(key);
		bytes -= size(result);
	};
	return {
		keep(tenant, result) {
			const key = keyOf(tenant, result.id);
			drop(key);
			held.set(key, result);
			bytes += size(result);
			for (const oldest of held.keys()) {
				if (bytes <= maxBytes || oldest === key) break;
				drop(oldest);
			}
		},
		find(tenant, id) {
			const key = keyOf(tenant, id);
			const result = held.get(key);
			if (result === undefined) return undefined;
			held.delete(key);
			held.set(key, result);
			return result;
		},
	};
}

function keyOf(tenant: string, id: string): string {
	return JSON.stringify([tenant, id]);
}
