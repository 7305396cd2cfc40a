import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { encodingFor, packedFile } from "./packed-file.ts";

describe("the encoding of a reply", () => {
	it.each([
		[undefined, "identity"],
		["", "identity"],
		["identity", "identity"],
		["gzip, deflate, br, zstd", "br"],
		["gzip;q=1.0, br;q=0", "gzip"],
		["br; q=0.0, gzip; q=0", "identity"],
		["GZIP", "gzip"],
		["*", "br"],
		["*;q=0", "identity"],
		["br;q=0, *", "gzip"],
		["deflate", "identity"],
	])("of a request that says %s is %s", (accepted, encoding) => {
		expect(encodingFor(accepted)).toBe(encoding);
	});
});

it("is the same file in each encoding, with a name of its own", async () => {
	const whole = new TextEncoder().encode("the same line again and again\n".repeat(200));
	const file = packedFile(whole);
	expect(await file.bytes("identity")).toBe(whole);
	const [br, gz] = [await file.bytes("br"), await file.bytes("gzip")];
	expect(new Uint8Array(brotliDecompressSync(br))).toEqual(whole);
	expect(new Uint8Array(gunzipSync(gz))).toEqual(whole);
	expect(br.length).toBeLessThan(whole.length / 10);
	expect(new Set([file.etag("identity"), file.etag("br"), file.etag("gzip")]).size).toBe(3);
	expect(await file.bytes("br")).toBe(br);
});
