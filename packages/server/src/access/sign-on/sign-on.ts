/** Who somebody is by an identity provider: a session of a browser, or a bearer token of a program. */
import { parse, serialize } from "hono/utils/cookie";
import { RefusalError } from "../../problem.ts";
import type { Caller } from "../keys.ts";
import type { SignOnConfig } from "./config.ts";
import { type Begun, provider, type Provider } from "./provider.ts";
import { type Claims, type Grants, grantsOf } from "./roles.ts";
import { type ShelfFile, secretShelf } from "./secret-shelf.ts";

export interface Session {
	readonly subject: string;
	readonly name: string;
	readonly grants: Grants;
	/** What the provider signed; absent of a session that outlived the process. */
	readonly idToken?: string;
}

export interface SignOn {
	/** The name, and port where it is not the usual one, that people reach this server by. */
	readonly host: string;
	/** Where the browser goes, and the cookie that ties what comes back to it. */
	begin(back: string): Promise<{ readonly url: URL; readonly cookie: string }>;
	/** Back from the provider; `who`: in each of their tenants. Throws RefusalError. */
	finish(
		request: Request,
	): Promise<{ readonly back: string; readonly cookies: readonly string[]; readonly who: readonly Caller[] }>;
	/** The session of a browser, if it has one. */
	sessionOf(request: Request): Session | undefined;
	/** Ends it here. `next`: where the provider ends its own; `cookies` empty the browser's. */
	end(
		request: Request,
	): Promise<{ readonly next: URL | undefined; readonly cookies: readonly string[]; readonly who: readonly Caller[] }>;
	/** Undefined where the request brings neither session nor token. Throws RefusalError. */
	callerOf(request: Request): Promise<Caller | undefined>;
	/** Refuses what a page of another site made a browser send. */
	requireOwnPage(request: Request): void;
}

/** Chooses among the tenants that somebody may act for. */
export const TENANT_HEADER = "farthing-tenant";
/** Says to the pages that somebody has signed in, and who: it opens nothing. */
const PERSON = "farthing-person";
const SIGN_IN_WITHIN_MS = 10 * 60_000;
const MOST_BEGUN = 10_000;
const MOST_SESSIONS = 100_000;

/** `file`: where sessions outlive the process. */
export function signOn(
	config: SignOnConfig,
	now: () => number,
	file?: ShelfFile<Session>,
	at: Provider = provider(config),
): SignOn {
	const isSecure = config.publicUrl.protocol === "https:";
	const prefix = isSecure ? "__Host-" : "";
	const names = { begun: `${prefix}farthing-sign-in`, session: `${prefix}farthing-session` };
	const begun = secretShelf<Begun & { readonly back: string }>(SIGN_IN_WITHIN_MS, MOST_BEGUN);
	const sessions = secretShelf<Session>(config.sessionMs, MOST_SESSIONS, file);

	// Lax, since the way back from the provider begins at another site; changes ask for the page's origin beside it.
	const cookie = (name: string, value: string, maxAge: number): string =>
		serialize(name, value, { path: "/", maxAge, httpOnly: true, sameSite: "Lax", secure: isSecure });
	const person = (name: string, maxAge: number): string =>
		serialize(PERSON, name, { path: "/", maxAge, sameSite: "Lax", secure: isSecure });
	const secretIn = (request: Request, name: string): string | undefined =>
		parse(request.headers.get("cookie") ?? "", name)[name];
	const sessionOf = (request: Request): Session | undefined => {
		const secret = secretIn(request, names.session);
		return secret === undefined ? undefined : sessions.find(secret, now());
	};
	const requireOwnPage = (request: Request): void => {
		if (["GET", "HEAD", "OPTIONS"].includes(request.method)) return;
		if (request.headers.get("origin") === config.publicUrl.origin) return;
		const message = `changes by a session are taken from pages of ${config.publicUrl.origin} alone`;
		throw new RefusalError(403, "cross-site", message);
	};

	return {
		host: config.publicUrl.host,
		sessionOf,
		requireOwnPage,
		async begin(back) {
			const { url, begun: expected } = await at.begin();
			const secret = begun.put({ ...expected, back: ownPath(back) }, now());
			return { url, cookie: cookie(names.begun, secret, SIGN_IN_WITHIN_MS / 1000) };
		},
		async finish(request) {
			const secret = secretIn(request, names.begun);
			const expected = secret === undefined ? undefined : begun.take(secret, now());
			if (expected === undefined) {
				const message = "this browser began no sign-in here, or it is over: begin again at /auth/sign-in";
				throw new RefusalError(401, "no-sign-in", message);
			}
			const { claims, idToken } = await at.finish(new URL(request.url).search, expected);
			const grants = granted(claims);
			const session = { subject: String(claims["sub"]), name: nameIn(claims), grants, idToken };
			const before = secretIn(request, names.session);
			if (before !== undefined) sessions.take(before, now());
			const opened = sessions.put(session, now());
			return {
				back: expected.back,
				who: callersIn(session),
				cookies: [
					cookie(names.session, opened, config.sessionMs / 1000),
					cookie(names.begun, "", 0),
					person(session.name, config.sessionMs / 1000),
				],
			};
		},
		async end(request) {
			const secret = secretIn(request, names.session);
			const session = secret === undefined ? undefined : sessions.take(secret, now());
			return {
				next: session === undefined ? undefined : await at.signOutUrl(session.idToken),
				cookies: [cookie(names.session, "", 0), person("", 0)],
				who: session === undefined ? [] : callersIn(session),
			};
		},
		async callerOf(request) {
			const wanted = request.headers.get(TENANT_HEADER);
			const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
			if (token !== undefined) {
				const claims = await at.claimsOfToken(token);
				const of = { subject: String(claims["sub"]), name: nameIn(claims), grants: granted(claims) };
				return callerIn(of, wanted);
			}
			const session = sessionOf(request);
			if (session === undefined) return undefined;
			requireOwnPage(request);
			return callerIn(session, wanted);
		},
	};

	function granted(claims: Claims): Grants {
		const grants = grantsOf(config.roles, claims);
		if (grants.size > 0) return grants;
		const message = "the identity provider knows you, and no role of yours is one that may do anything here";
		throw new UnknownRoleError(message, String(claims["sub"]), nameIn(claims));
	}
}

/** Somebody whom the provider knows, and who may do nothing here. */
export class UnknownRoleError extends RefusalError {
	readonly subject: string;
	readonly person: string;

	constructor(message: string, subject: string, person: string) {
		super(403, "no-role", message);
		this.subject = subject;
		this.person = person;
	}
}

function callersIn(session: Session): Caller[] {
	return [...session.grants.keys()].map((tenant) => callerIn(session, tenant));
}

function callerIn({ subject, name, grants }: Omit<Session, "idToken">, wanted: string | null): Caller {
	const [first = ""] = grants.keys();
	const tenant = wanted ?? first;
	const scopes = grants.get(tenant);
	if (scopes === undefined) {
		const tenants = [...grants.keys()].join(", ");
		throw new RefusalError(403, "another-tenant", `you have no role in that tenant; you have in: ${tenants}`);
	}
	return { key: `person:${subject}`, tenant, scopes, name };
}

function nameIn(claims: Claims): string {
	const found = ["email", "preferred_username", "name", "client_id", "sub"]
		.map((claim) => claims[claim])
		.find((each): each is string => typeof each === "string" && each !== "");
	return (found ?? "").slice(0, 200);
}

/** Only a place of this server: nobody is sent elsewhere after signing in. */
export function ownPath(back: string): string {
	const isOwn = /^\/(?![/\\])[^\s\\]*$/.test(back) && back.length <= 20_000;
	return isOwn && !back.startsWith("/auth/") ? back : "/";
}
