/** Files that the reader picked, by the key that stands in the URL. They are lost on a reload: a link names them and holds nothing of them. */
const files = new Map<string, File>();

/** The key says enough to know the file again. */
export function keepFile(file: File): string {
	const key = `${file.name}:${file.size}`;
	files.set(key, file);
	return key;
}

export function pickedFile(key: string): File | undefined {
	return files.get(key);
}

/** Name of the file behind a key. */
export function fileName(key: string): string {
	return key.replace(/:\d+$/, "");
}

export function allFiles(): ReadonlyMap<string, File> {
	return files;
}
