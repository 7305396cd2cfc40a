import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, sha256Hex } from "./hash.ts";

describe("sha256Hex", () => {
	it("gives the published digest of abc (FIPS 180-4)", () => {
		expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	});
	it("agrees with OpenSSL on any text", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
				expect(sha256Hex(text)).toBe(createHash("sha256").update(text, "utf8").digest("hex"));
			}),
			{ numRuns: 300, seed: 1 },
		);
	});
});

describe("canonicalJson", () => {
	it("sorts members, drops undefined ones and keeps number text", () => {
		expect(canonicalJson({ b: 1e21, a: [1, "ü\n", null, true], c: undefined })).toBe(
			'{"a":[1,"ü\\n",null,true],"b":1e+21}',
		);
	});
	it("refuses what JSON cannot hold", () => {
		expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
	});
});
