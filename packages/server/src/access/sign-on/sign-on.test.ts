import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSignOnConfig, SignOnConfigError } from "./config.ts";
import { grantsOf } from "./roles.ts";
import type { Provider } from "./provider.ts";
import { secretShelf } from "./secret-shelf.ts";
import { sessionFile } from "./session-file.ts";
import { signOn } from "./sign-on.ts";

const places = {
	variable: (name: string) => (name === "SECRET" ? "s3cret\n" : undefined),
	file: (path: string) => (path === "secret.txt" ? "from-file" : undefined),
};
const good = {
	version: 1,
	issuer: "https://id.example.com/realms/one",
	client_id: "farthing",
	client_secret_variable: "SECRET",
	public_url: "https://farthing.example.com",
	roles: [{ claim: "groups", value: "finops", tenant: "finance", scopes: ["admin"] }],
};
const parsed = (over: object = {}) => parseSignOnConfig(JSON.stringify({ ...good, ...over }), "sign-on.json", places);

describe("the file that names an identity provider", () => {
	it("is read with its secret from a variable or a file, and with its defaults", () => {
		expect(parsed()).toMatchObject({ secret: "s3cret", clientAuth: "basic", sessionMs: 480 * 60_000 });
		const ofFile = { client_secret_variable: undefined, client_secret_file: "secret.txt" };
		expect(parsed(ofFile).secret).toBe("from-file");
		expect(parsed({ client_secret_variable: undefined }).secret).toBeUndefined();
	});

	it("as the documents show it is read", () => {
		const document = readFileSync(new URL("../../../../../docs/server.md", import.meta.url), "utf8");
		const shown = /^```json\n(\{[^`]*"issuer"[^`]*)^```/m.exec(document)?.[1] ?? "";
		const { roles, audience } = parseSignOnConfig(shown, "sign-on.json", { ...places, variable: () => "s3cret" });
		expect([roles.length, audience]).toEqual([2, "https://farthing.example.com"]);
	});

	it.each([
		[{ issuer: "http://id.example.com" }, "issuer", /https/],
		[{ public_url: "http://10.0.0.1:8417" }, "public_url", /https/],
		[{ public_url: "https://farthing.example.com/costs" }, "public_url", /without a path/],
		[{ client_secret_variable: "OTHER" }, "client_secret_variable", /holds no secret/],
		[{ client_secret_file: "secret.txt" }, "client_secret_file", /not in both/],
		[{ client_secret: "s3cret" }, "file", /client_secret/],
		[{ roles: [] }, "roles", /roles/],
		[{ roles: [{ ...good.roles[0], tenant_claim: "org" }] }, "roles.0", /one of the two/],
		[{ roles: [{ ...good.roles[0], scopes: ["root"] }] }, "roles.0.scopes.0", /scopes/],
	])("says what is wrong with %j, and no secret", (over, field, words) => {
		const refused = (() => {
			try {
				parsed(over);
			} catch (error) {
				return error as SignOnConfigError;
			}
			return undefined;
		})();
		expect(refused).toBeInstanceOf(SignOnConfigError);
		expect(refused?.field).toBe(field);
		expect(refused?.message).toMatch(words);
		expect(refused?.message).not.toContain("s3cret");
	});

	it("may be without TLS on loopback alone", () => {
		expect(parsed({ issuer: "http://localhost:3000", public_url: "http://127.0.0.1:8417" }).issuer.port).toBe("3000");
	});
});

describe("roles by claims", () => {
	const roles = [
		{ claim: "groups", value: "finops", tenant: { name: "finance" }, scopes: ["read"] as const },
		{ claim: "groups", value: "finops-admin", tenant: { name: "finance" }, scopes: ["admin"] as const },
		{ claim: "realm_access.roles", value: "engineer", tenant: { claim: "org" }, scopes: ["read"] as const },
		{ claim: "https://id.example.com/role", value: "feeder", tenant: { name: "ops" }, scopes: ["ingest"] as const },
	];

	it("adds up what each of them allows, tenant by tenant", () => {
		expect([...grantsOf(roles, { groups: ["finops-admin", "finops"] })]).toEqual([["finance", ["read", "admin"]]]);
		expect([...grantsOf(roles, { realm_access: { roles: ["engineer"] }, org: ["search", "ads"] })]).toEqual([
			["search", ["read"]],
			["ads", ["read"]],
		]);
		expect([...grantsOf(roles, { "https://id.example.com/role": "feeder" })]).toEqual([["ops", ["ingest"]]]);
	});

	it("gives nothing for a claim that is not there, is no text, or names no tenant that could be", () => {
		for (const claims of [
			{},
			{ groups: "finops2" },
			{ groups: { finops: true } },
			{ groups: [["finops"]] },
			{ realm_access: { roles: ["engineer"] } },
			{ realm_access: { roles: ["engineer"] }, org: "../finance" },
			{ realm_access: null },
		]) {
			expect(grantsOf(roles, claims).size, JSON.stringify(claims)).toBe(0);
		}
	});
});

describe("what is kept under a secret", () => {
	it("is found by it until its time is over, and taken once", () => {
		const shelf = secretShelf<string>(1000, 10);
		const secret = shelf.put("a", 0);
		expect(secret).toMatch(/^[\w-]{43}$/);
		expect([shelf.find(secret, 999), shelf.find(secret, 1000), shelf.find("other", 0)]).toEqual([
			"a",
			undefined,
			undefined,
		]);
		expect([shelf.take(secret, 10), shelf.take(secret, 10)]).toEqual(["a", undefined]);
	});

	it("lets the oldest go where too much is kept", () => {
		const shelf = secretShelf<number>(1000, 2);
		const [first = "", second = "", third = ""] = [1, 2, 3].map((value) => shelf.put(value, value));
		expect([first, second, third].map((secret) => shelf.find(secret, 4))).toEqual([undefined, 2, 3]);
	});
});

describe("sessions in a file", () => {
	const provider: Provider = {
		begin: async () => ({ url: new URL("https://id.example.com/"), begun: { state: "s", nonce: "n", verifier: "v" } }),
		finish: async () => ({ claims: { sub: "ada", groups: ["finops"] }, idToken: "signed.by.provider" }),
		claimsOfToken: async () => ({}),
		signOutUrl: async (idToken) => new URL(`https://id.example.com/out?${idToken ?? "unnamed"}`),
	};
	const folder = mkdtempSync(join(tmpdir(), "farthing-sessions-"));
	const path = join(folder, "sessions");
	let now = 1000;
	/** A server that is started anew. */
	const started = (over: object = {}) =>
		signOn(parsed(over), () => now, sessionFile(path, parsed(over), now), provider);
	const asked = (cookie: string) => new Request("https://farthing.example.com/", { headers: { cookie } });
	const signedIn = async (): Promise<string> => {
		const server = started();
		const { cookie } = await server.begin("/");
		const { cookies } = await server.finish(asked(cookie));
		return cookies[0]?.split(";")[0] ?? "";
	};

	it("outlive the server for as long as they would have lived, by the same provider and roles", async () => {
		const cookie = await signedIn();
		expect(started().sessionOf(asked(cookie))).toMatchObject({ subject: "ada", name: "ada" });
		expect((await started().callerOf(asked(cookie)))?.scopes).toEqual(["admin"]);
		expect(started({ roles: [{ ...good.roles[0], scopes: ["read"] }] }).sessionOf(asked(cookie))).toBeUndefined();
		expect(started().sessionOf(asked(cookie))).toBeDefined();
		appendFileSync(path, '{"key": "torn');
		expect(started().sessionOf(asked(cookie))).toBeDefined();
		now += 480 * 60_000;
		expect(started().sessionOf(asked(cookie))).toBeUndefined();
		expect(readFileSync(path, "utf8")).toBe("");
	});

	it("that were ended stay so, and the file gives nobody a session", async () => {
		const cookie = await signedIn();
		const text = readFileSync(path, "utf8");
		expect(text).not.toContain(cookie.split("=")[1]);
		expect(text).not.toContain("signed.by.provider");
		expect(statSync(path).mode & 0o777).toBe(0o600);
		const { next } = await started().end(asked(cookie));
		expect(next?.search).toBe("?unnamed");
		expect(started().sessionOf(asked(cookie))).toBeUndefined();
		rmSync(folder, { recursive: true });
	});
});
