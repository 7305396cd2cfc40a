// snappyjs brings no types of its own.
declare module "snappyjs" {
	const snappy: {
		compress(bytes: Uint8Array): Uint8Array;
		uncompress(bytes: Uint8Array): Uint8Array;
	};
	// biome-ignore lint/style/noDefaultExport: the package exports one object
	export default snappy;
}
