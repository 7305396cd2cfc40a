/**
 * A catalogue in one signed file: `{"schema", "key", "signature", "payload"}`. The payload is the gzipped JSON of the texts
 * by path, in base64; the signature is ed25519 over a line that says what is signed and the payload's bytes. Nothing of
 * the payload is unpacked before the signature is known to be good.
 */
import { Buffer } from "node:buffer";
import type { KeyObject } from "node:crypto";
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { CatalogueFiles } from "./load.ts";

const SCHEMA = "farthing-catalogue/1";
const LARGEST_UNPACKED = 256 * 1024 * 1024;

/** Why a file is not taken: `code` for programs, what was expected and what to do for people. */
export class SignedCatalogueError extends Error {
	readonly code: "not-a-signed-catalogue" | "unknown-signer" | "wrong-signature" | "not-a-key";
	readonly expected: string;
	readonly hint: string;

	constructor(code: SignedCatalogueError["code"], message: string, expected: string, hint: string) {
		super(message);
		this.name = "SignedCatalogueError";
		this.code = code;
		this.expected = expected;
		this.hint = hint;
	}
}

export interface SignedCatalogue {
	readonly files: CatalogueFiles;
	/** First 16 hex digits of the SHA-256 of the public key that its signature is of. */
	readonly signedBy: string;
}

/** A new pair of keys as PEM: the private one signs, the public one is given to who is to trust it. */
export function newSigningKey(): { readonly privatePem: string; readonly publicPem: string } {
	const { privateKey, publicKey } = generateKeyPairSync("ed25519");
	return {
		privatePem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
		publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
	};
}

/** The text of the signed file. Throws `not-a-key`. */
export function signCatalogue(files: CatalogueFiles, privatePem: string): string {
	const key = keyOf(() => createPrivateKey(privatePem), "a private key");
	const sorted = Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
	const payload = gzipSync(Buffer.from(JSON.stringify({ files: sorted })), { level: 9 });
	const signature = sign(null, signedBytes(payload), key).toString("base64");
	const signed = { schema: SCHEMA, key: keyId(createPublicKey(key)), signature, payload: payload.toString("base64") };
	return `${JSON.stringify(signed)}\n`;
}

/** The files of a signed catalogue, whose signature is of one of the keys in `trustedPem`. Throws SignedCatalogueError. */
export function openSignedCatalogue(text: string, trustedPem: string): SignedCatalogue {
	const keys = publicKeys(trustedPem);
	const { signature, payload, key } = outerOf(text);
	const bytes = signedBytes(payload);
	const signer = keys.find((trusted) => verify(null, bytes, trusted, signature));
	if (signer === undefined) throw refused(keys.map(keyId), key);
	return { files: filesOf(payload), signedBy: keyId(signer) };
}

/** The files of a signed catalogue whose signature was checked before it was kept. */
export function filesOfSigned(text: string): CatalogueFiles {
	return filesOf(outerOf(text).payload);
}

function publicKeys(pem: string): KeyObject[] {
	if (pem.includes("PRIVATE KEY")) throw notAKey("this file holds a private key", "public keys alone");
	const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g) ?? [];
	if (blocks.length === 0) throw notAKey("no public key in it", "one or more public keys of ed25519, as PEM");
	return blocks.map((block) => keyOf(() => createPublicKey(block), "a public key"));
}

function keyOf(read: () => KeyObject, what: string): KeyObject {
	let key: KeyObject;
	try {
		key = read();
	} catch (error) {
		throw notAKey(`this is not ${what}: ${(error as Error).message}`, `${what} of ed25519, as PEM`);
	}
	if (key.asymmetricKeyType === "ed25519") return key;
	throw notAKey(`this is a key of ${key.asymmetricKeyType ?? "another kind"}`, `${what} of ed25519, as PEM`);
}

function keyId(key: KeyObject): string {
	return createHash("sha256")
		.update(key.export({ type: "spki", format: "der" }))
		.digest("hex")
		.slice(0, 16);
}

/** What is signed begins with what it is, so that a signature for something else is none for a catalogue. */
function signedBytes(payload: Buffer): Buffer {
	return Buffer.concat([Buffer.from(`${SCHEMA}\n`), payload]);
}

interface Outer {
	readonly key: string;
	readonly signature: Buffer;
	readonly payload: Buffer;
}

function outerOf(text: string): Outer {
	const { schema, key, signature, payload } = objectOf(text);
	if (schema !== SCHEMA) throw malformed(`its schema is ${JSON.stringify(schema) ?? "missing"}`);
	if (typeof key !== "string" || typeof signature !== "string" || typeof payload !== "string")
		throw malformed("key, signature and payload are not all there");
	return { key, signature: Buffer.from(signature, "base64"), payload: Buffer.from(payload, "base64") };
}

function filesOf(payload: Buffer): CatalogueFiles {
	let unpacked: string;
	try {
		unpacked = gunzipSync(payload, { maxOutputLength: LARGEST_UNPACKED }).toString("utf8");
	} catch (error) {
		throw malformed(`its payload cannot be unpacked: ${(error as Error).message}`);
	}
	const { files } = objectOf(unpacked);
	if (typeof files !== "object" || files === null) throw malformed("its payload holds no files");
	const entries = Object.entries(files);
	const strange = entries.find(([path, each]) => typeof each !== "string" || !PLAIN_PATH.test(path));
	if (strange !== undefined) throw malformed(`its payload holds ${JSON.stringify(strange[0])}`);
	return new Map(entries as [string, string][]);
}

const PLAIN_PATH = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*\.(?:yaml|csv)$/;

function objectOf(text: string): Record<string, unknown> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		throw malformed(`it is not JSON: ${(error as Error).message}`);
	}
	if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	throw malformed("it is no object");
}

function malformed(what: string): SignedCatalogueError {
	const expected = "a file that farthing catalog sign has written";
	return new SignedCatalogueError("not-a-signed-catalogue", `this is no signed catalogue: ${what}`, expected, SIGN);
}

function notAKey(what: string, expected: string): SignedCatalogueError {
	return new SignedCatalogueError("not-a-key", what, expected, "farthing catalog new-key NAME");
}

function refused(trusted: readonly string[], named: string): SignedCatalogueError {
	const whose = `a signature of a trusted key: ${trusted.join(", ")}`;
	if (!trusted.includes(named)) {
		const what = `it says that it is signed by the key ${named.slice(0, 16)}, which is not among those trusted`;
		return new SignedCatalogueError("unknown-signer", what, whose, "ask its publisher for the public key");
	}
	const what = "its signature is not that of its content: it was changed on the way, or badly made";
	return new SignedCatalogueError("wrong-signature", what, whose, "fetch it anew");
}

const SIGN = "farthing catalog sign FOLDER --key KEY -o FILE";
