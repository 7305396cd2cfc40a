/** Files of reports, kept until newer ones need the place. */

export interface KeptFile {
	readonly name: string;
	readonly format: string;
	readonly bytes: Uint8Array;
}

export interface FileShelf {
	keep(tenant: string, id: string, files: readonly KeptFile[]): void;
	/** Files of this tenant; undefined where it has none of that id, whoever else has. */
	find(tenant: string, id: string): readonly KeptFile[] | undefined;
}

const MAX_BYTES = 128 * 1024 * 1024;

export function fileShelf(maxBytes: number = MAX_BYTES): FileShelf {
	const held = new Map<string, readonly KeptFile[]>();
	let bytes = 0;
	const size = (files: readonly KeptFile[]): number => files.reduce((sum, file) => sum + file.bytes.length, 0);
	return {
		keep(tenant, id, files) {
			const key = JSON.stringify([tenant, id]);
			bytes -= size(held.get(key) ?? []);
			held.delete(key);
			held.set(key, files);
			bytes += size(files);
			for (const [oldest, kept] of held) {
				if (bytes <= maxBytes || oldest === key) break;
				held.delete(oldest);
				bytes -= size(kept);
			}
		},
		find: (tenant, id) => held.get(JSON.stringify([tenant, id])),
	};
}
