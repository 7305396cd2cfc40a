/**
 * API keys. A key is 32 random bytes, shown once; the file holds its SHA-256 alone, which is enough for a secret that
 * cannot be guessed. The file is written whole.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";

export const SCOPES = ["read", "ingest", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

const storedKey = z.strictObject({
	id: z.string().regex(/^[\w-]{1,64}$/),
	tenant: z.string().regex(/^[\w.-]{1,64}$/),
	scopes: z.array(z.enum(SCOPES)).min(1),
	sha256: z.string().regex(/^[0-9a-f]{64}$/),
	created: z.iso.datetime(),
	revoked: z.iso.datetime().optional(),
});
const keyFile = z.strictObject({ version: z.literal(1), keys: z.array(storedKey) });

export type StoredKey = z.infer<typeof storedKey>;

/** Who asks: a tenant, and what it may do. */
export interface Caller {
	readonly key: string;
	readonly tenant: string;
	readonly scopes: readonly Scope[];
	/** What a person is called, where an identity provider says so. */
	readonly name?: string;
	/** The one user of a server on loopback, who brings no key. */
	readonly isSingleUser?: boolean;
}

export interface NewKey {
	/** The secret, to be shown once and never kept. */
	readonly secret: string;
	readonly stored: StoredKey;
}

const PREFIX = "fk_";

export function newKey(of: {
	readonly id: string;
	readonly tenant: string;
	readonly scopes: readonly Scope[];
	readonly created: string;
}): NewKey {
	const secret = `${PREFIX}${randomBytes(32).toString("base64url")}`;
	const { id, tenant, scopes, created } = of;
	return {
		secret,
		stored: storedKey.parse({ id, tenant, scopes: [...scopes], sha256: digest(secret).toString("hex"), created }),
	};
}

/** Throws with every fault of the file, and never with a part of its content. */
export function parseKeyFile(text: string, file: string): StoredKey[] {
	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch {
		throw new KeyFileError(`${file} is not JSON`);
	}
	const parsed = keyFile.safeParse(content);
	if (!parsed.success) {
		const faults = parsed.error.issues.map(({ path, code }) => `${path.join(".") || "file"}: ${code}`);
		throw new KeyFileError(`${file} is no key file: ${faults.join("; ")}`);
	}
	const ids = parsed.data.keys.map(({ id }) => id);
	const twice = ids.find((id, i) => ids.indexOf(id) !== i);
	if (twice !== undefined) throw new KeyFileError(`${file} has two keys with the id ${twice}`);
	return parsed.data.keys;
}

export class KeyFileError extends Error {}

export function keyFileText(keys: readonly StoredKey[]): string {
	return `${JSON.stringify({ version: 1, keys }, null, "\t")}\n`;
}

/** The caller behind `Authorization: Bearer …`; undefined for a key that is not known or was revoked. */
export function callerOf(keys: readonly StoredKey[], header: string | undefined): Caller | undefined {
	const secret = /^Bearer ([\w-]{8,128})$/i.exec(header ?? "")?.[1];
	if (secret === undefined) return undefined;
	const asked = digest(secret);
	const found = keys.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, "hex"), asked));
	const key = found.find(({ revoked }) => revoked === undefined);
	return key === undefined ? undefined : { key: key.id, tenant: key.tenant, scopes: key.scopes };
}

/** `admin` may do everything. */
export function isAllowed({ scopes }: Caller, scope: Scope): boolean {
	return scopes.includes(scope) || scopes.includes("admin");
}

function digest(secret: string): Buffer {
	return createHash("sha256").update(secret).digest();
}
