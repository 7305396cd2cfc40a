/** The file that names an identity provider, and says which of its claims may do what in which tenant. */
import { z } from "zod";
import { type Scope, SCOPES } from "../keys.ts";

const tenantName = z.string().regex(/^[\w.-]{1,64}$/);
const claimName = z.string().min(1).max(200);

const role = z
	.strictObject({
		/** Claim that holds the roles or groups of a person: a text or a list of them; `a.b` reaches into an object. */
		claim: claimName,
		value: z.string().min(1).max(500),
		tenant: tenantName.optional(),
		/** Claim that names the tenant, in place of `tenant`. */
		tenant_claim: claimName.optional(),
		scopes: z.array(z.enum(SCOPES)).min(1),
	})
	.refine((each) => (each.tenant === undefined) !== (each.tenant_claim === undefined), {
		message: "give tenant or tenant_claim, one of the two",
	});

const signOnFile = z.strictObject({
	version: z.literal(1),
	issuer: z.url(),
	client_id: z.string().min(1).max(500),
	/** Where the secret stands; a public client has none. Never the secret itself. */
	client_secret_variable: z
		.string()
		.regex(/^[A-Z_][A-Z0-9_]*$/)
		.optional(),
	client_secret_file: z.string().min(1).optional(),
	client_auth: z.enum(["basic", "post"]).default("basic"),
	/** What people type to reach this server; the provider knows it with /auth/callback behind it. */
	public_url: z.url(),
	/** `aud` of bearer tokens of programs; without it none are taken. */
	audience: z.string().min(1).max(500).optional(),
	scope: z.string().min(1).max(1000).default("openid profile email"),
	session_minutes: z.number().int().min(1).max(10_080).default(480),
	roles: z.array(role).min(1),
});

export interface Role {
	readonly claim: string;
	readonly value: string;
	readonly tenant: { readonly name: string } | { readonly claim: string };
	readonly scopes: readonly Scope[];
}

export interface SignOnConfig {
	readonly issuer: URL;
	readonly clientId: string;
	readonly secret?: string;
	readonly clientAuth: "basic" | "post";
	readonly publicUrl: URL;
	readonly audience?: string;
	readonly scope: string;
	readonly sessionMs: number;
	readonly roles: readonly Role[];
}

export class SignOnConfigError extends Error {
	readonly field: string;

	constructor(message: string, field: string) {
		super(message);
		this.field = field;
	}
}

/** `secretOf` gives the text of a variable or file; undefined where there is none. */
export interface SecretPlaces {
	variable(name: string): string | undefined;
	file(path: string): string | undefined;
}

/** Throws SignOnConfigError with every fault, and never with a secret. */
export function parseSignOnConfig(text: string, file: string, places: SecretPlaces): SignOnConfig {
	let content: unknown;
	try {
		content = JSON.parse(text);
	} catch {
		throw new SignOnConfigError(`${file} is not JSON`, "file");
	}
	const parsed = signOnFile.safeParse(content);
	if (!parsed.success) {
		const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "file"}: ${message}`);
		throw new SignOnConfigError(
			`${file} does not name an identity provider: ${faults.join("; ")}`,
			parsed.error.issues[0]?.path.join(".") || "file",
		);
	}
	const of = parsed.data;
	const issuer = secureUrl(of.issuer, "issuer", file);
	const publicUrl = secureUrl(of.public_url, "public_url", file);
	if (publicUrl.pathname !== "/" || publicUrl.search !== "" || publicUrl.hash !== "") {
		throw new SignOnConfigError(`${file}: public_url is a host without a path`, "public_url");
	}
	const secret = secretOf(of, file, places);
	return {
		issuer,
		clientId: of.client_id,
		...(secret === undefined ? {} : { secret }),
		clientAuth: of.client_auth,
		publicUrl,
		...(of.audience === undefined ? {} : { audience: of.audience }),
		scope: of.scope,
		sessionMs: of.session_minutes * 60_000,
		roles: of.roles.map(({ tenant, tenant_claim: claim = "", ...rest }) => ({
			...rest,
			tenant: tenant === undefined ? { claim } : { name: tenant },
		})),
	};
}

/** What is sent in the open can be read on the way, so only a machine's own addresses may do without TLS. */
function secureUrl(text: string, field: string, file: string): URL {
	const url = new URL(text);
	if (url.protocol === "https:" || (url.protocol === "http:" && isOwnMachine(url))) return url;
	throw new SignOnConfigError(`${file}: ${field} must begin with https://, or with http:// on loopback`, field);
}

export function isOwnMachine({ hostname }: URL): boolean {
	return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function secretOf(
	{ client_secret_variable: variable, client_secret_file: path }: z.infer<typeof signOnFile>,
	file: string,
	places: SecretPlaces,
): string | undefined {
	if (variable !== undefined && path !== undefined) {
		const message = `${file}: the secret stands in a variable or in a file, not in both`;
		throw new SignOnConfigError(message, "client_secret_file");
	}
	const field = variable === undefined ? "client_secret_file" : "client_secret_variable";
	const found = variable !== undefined ? places.variable(variable) : path !== undefined ? places.file(path) : undefined;
	const secret = found?.trim();
	if (variable === undefined && path === undefined) return undefined;
	if (secret !== undefined && secret !== "") return secret;
	throw new SignOnConfigError(`${file}: ${field} ${variable ?? path} holds no secret`, field);
}
