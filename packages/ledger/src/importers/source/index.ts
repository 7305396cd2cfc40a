/** Files of any size as bytes and lines, without the importers that make records of them. */
export { contentHash } from "./content-hash.ts";
export { ImportError } from "./import-error.ts";
export { unpack, type Unpacking } from "./unpack.ts";
