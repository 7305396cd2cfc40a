import { generateKeyPairSync, sign } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { filesOfSigned, newSigningKey, openSignedCatalogue, signCatalogue } from "./signed.ts";

const files = new Map([
	["catalogue.yaml", "version: 1\n"],
	["evals/gsm8k.csv", "a,b\n1,2\n"],
]);
const { privatePem, publicPem } = newSigningKey();
const signed = signCatalogue(files, privatePem);
const opened = (text: string, trusted: string): (() => unknown) => {
	return () => openSignedCatalogue(text, trusted);
};

/** A file signed by the right key, whatever its payload is. */
function signedPayload(payload: Buffer): string {
	const signature = sign(null, Buffer.concat([Buffer.from("farthing-catalogue/1\n"), payload]), privatePem);
	const { key } = JSON.parse(signed) as { key: string };
	const base64 = (bytes: Buffer): string => bytes.toString("base64");
	return JSON.stringify({
		schema: "farthing-catalogue/1",
		key,
		signature: base64(signature),
		payload: base64(payload),
	});
}

describe("a signed catalogue", () => {
	it("gives back its files, and says whose signature it bears", () => {
		const { signedBy, files: found } = openSignedCatalogue(signed, publicPem);
		expect([...found]).toEqual([...files]);
		expect(signedBy).toBe((JSON.parse(signed) as { key: string }).key);
		expect([...filesOfSigned(signed)]).toEqual([...files]);
	});

	it("is the same bytes for the same files, in whatever order they come", () => {
		expect(signCatalogue(new Map([...files].reverse()), privatePem)).toBe(signed);
	});

	it("is taken where one of several keys is the signer's", () => {
		expect(openSignedCatalogue(signed, newSigningKey().publicPem + publicPem).files.size).toBe(2);
	});

	it("is refused where any one byte of payload or signature was changed", () => {
		const whole = JSON.parse(signed) as { payload: string; signature: string };
		for (const member of ["payload", "signature"] as const) {
			const bytes = Buffer.from(whole[member], "base64");
			for (let at = 0; at < bytes.length; at++) {
				const changed = Buffer.from(bytes);
				changed[at] = (changed[at] as number) ^ 1;
				const text = JSON.stringify({ ...whole, [member]: changed.toString("base64") });
				expect(opened(text, publicPem), `${member} ${at}`).toThrow(/signature/);
			}
		}
	});

	it("is refused from others, even where it names a trusted key", () => {
		const other = newSigningKey();
		expect(opened(signed, other.publicPem)).toThrow(/not among those trusted/);
		const theirs = JSON.parse(signCatalogue(files, other.privatePem)) as object;
		const { key } = JSON.parse(signed) as { key: string };
		expect(opened(JSON.stringify({ ...theirs, key }), publicPem)).toThrow(/not that of its content/);
	});

	it.each([
		["", /not JSON/],
		["[]", /no object/],
		['{"schema": "farthing/1"}', /schema is "farthing\/1"/],
		['{"schema": "farthing-catalogue/1", "key": "x"}', /not all there/],
		[signedPayload(Buffer.from("plain")), /cannot be unpacked/],
		[signedPayload(gzipSync('{"files": {"../../.profile.yaml": ""}}')), /holds "\.\.\/\.\.\/\.profile\.yaml"/],
		[signedPayload(gzipSync('{"files": {"a.yaml": 1}}')), /holds "a\.yaml"/],
		[signedPayload(gzipSync("{}")), /no files/],
	])("is not %s", (text, said) => {
		expect(opened(text, publicPem)).toThrow(said);
	});

	it("does not unpack more than a catalogue can be", () => {
		const bomb = gzipSync(Buffer.alloc(257 * 1024 * 1024));
		expect(opened(signedPayload(bomb), publicPem)).toThrow(/cannot be unpacked/);
	});

	it("takes public keys of ed25519 alone", () => {
		const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" });
		expect(opened(signed, rsa.toString())).toThrow(/a key of rsa/);
		expect(opened(signed, privatePem)).toThrow(/a private key/);
		expect(opened(signed, "")).toThrow(/no public key/);
		expect(() => signCatalogue(files, publicPem)).toThrow(/not a private key/);
	});
});
