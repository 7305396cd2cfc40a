// Signing in with a real OpenID Connect provider, on the command as people start it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startBrowser } from "./browser.mjs";
import { CLIENT, identityProvider, person } from "./identity-provider.mjs";

const bin = fileURLToPath(new URL("../../packages/cli/bin/farthing.js", import.meta.url));
const AUDIENCE = "https://farthing.test";

const freePort = () =>
	new Promise((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});

describe("sign-on with an OpenID Connect provider", () => {
	const folder = mkdtempSync(join(tmpdir(), "farthing-sign-on-"));
	const keys = join(folder, "keys.json");
	/** Seconds that tokens live, where a test says so. */
	const lives = {};
	let provider;
	let server;
	let url;
	let key;

	const serve = async (port) => {
		const file = join(folder, `sign-on-${port}.json`);
		const config = {
			version: 1,
			issuer: provider.issuer,
			client_id: CLIENT.id,
			client_secret_variable: "FARTHING_TEST_SECRET",
			public_url: `http://127.0.0.1:${port}`,
			audience: AUDIENCE,
			roles: [
				{ claim: "groups", value: "finops", tenant: "finance", scopes: ["admin"] },
				{ claim: "groups", value: "finops", tenant: "search", scopes: ["read"] },
				{ claim: "groups", value: "engineers", tenant_claim: "org", scopes: ["read"] },
			],
		};
		writeFileSync(file, JSON.stringify(config));
		const args = ["serve", "--port", String(port), "--sign-on", file, "--keys", keys, "--quiet"];
		const child = spawn(process.execPath, [bin, ...args], {
			stdio: ["ignore", "pipe", "inherit"],
			env: { ...process.env, FARTHING_TEST_SECRET: CLIENT.secret },
		});
		await new Promise((resolve, reject) => {
			child.stdout.on("data", (text) => String(text).includes("/v1") && resolve());
			child.once("exit", (code) => reject(new Error(`farthing serve ended with ${code}`)));
		});
		return child;
	};
	const ended = (child) => new Promise((resolve) => (child.once("exit", resolve), child.kill("SIGTERM")));
	const isCallback = (at) => at.origin === url && at.pathname === "/auth/callback";
	const problem = async (response, status, code) => {
		const body = await response.json();
		assert.deepEqual([response.status, body.code], [status, code], body.detail);
		assert.match(response.headers.get("content-type"), /^application\/problem\+json/);
		assert.ok(!JSON.stringify(body).includes(CLIENT.secret));
	};
	const signedIn = async (login) => {
		const someone = person(login);
		const callback = await someone.walk(`${url}/auth/sign-in?back=%2F%23plan`, isCallback);
		return { ...someone, callback, answer: await someone.send(callback) };
	};
	const bearer = (token, more = {}) => ({ headers: { authorization: `Bearer ${token}`, ...more } });

	before(async () => {
		const port = await freePort();
		url = `http://127.0.0.1:${port}`;
		provider = await identityProvider([`${url}/auth/callback`], lives);
		const made = ["serve", "--keys", keys, "--add-key", "ci", "--scopes", "read", "--tenant", "finance", "--quiet"];
		key = execFileSync(process.execPath, [bin, ...made], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		}).trim();
		server = await serve(port);
	});
	after(async () => {
		await ended(server);
		await provider.stop();
		rmSync(folder, { recursive: true });
	});

	it("asks for a session, and goes back to where one was", async () => {
		await problem(await fetch(`${url}/v1/catalog`), 401, "no-key");
		const first = await fetch(`${url}/?lang=zh`, { redirect: "manual" });
		assert.equal(first.headers.get("location"), "/auth/start?lang=zh");
		const ada = await signedIn("ada");
		assert.deepEqual([ada.answer.status, ada.answer.headers.get("location")], [302, "/#plan"]);
		const cookies = ada.answer.headers.getSetCookie();
		assert.match(cookies[0], /^farthing-session=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/);
		assert.equal((await ada.send(`${url}/`)).status, 200);
		assert.equal((await ada.send(`${url}/v1/catalog`)).status, 200);
		assert.deepEqual(await (await ada.send(`${url}/auth/session`)).json(), {
			name: "ada@finance.test",
			tenants: [
				{ tenant: "finance", scopes: ["admin"] },
				{ tenant: "search", scopes: ["read"] },
			],
		});
	});

	it("refuses another state, another nonce, a code that was used, and a browser that began nothing", async () => {
		const state = await signedIn("ada");
		const changed = new URL(await state.walk(`${url}/auth/sign-in`, isCallback));
		changed.searchParams.set("state", "another");
		await problem(await state.send(changed.href), 401, "sign-in-failed");
		const nonce = person("ada");
		const callback = await nonce.walk(`${url}/auth/sign-in`, isCallback, (at) => {
			if (at.origin === provider.issuer && at.searchParams.has("nonce")) at.searchParams.set("nonce", "another");
			return at;
		});
		await problem(await nonce.send(callback), 401, "sign-in-failed");
		const used = await signedIn("ada");
		await problem(await used.send(used.callback), 401, "no-sign-in");
		const victim = person("ben");
		const stolen = await person("ada").walk(`${url}/auth/sign-in`, isCallback);
		await problem(await victim.send(stolen), 401, "no-sign-in");
		assert.equal((await victim.send(`${url}/v1/catalog`)).status, 401);
	});

	it("sends nobody to another site after signing in", async () => {
		for (const back of ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"]) {
			const ada = person("ada");
			const callback = await ada.walk(`${url}/auth/sign-in?back=${encodeURIComponent(back)}`, isCallback);
			assert.equal((await ada.send(callback)).headers.get("location"), "/");
		}
	});

	it("a person has the scopes of their roles, in their tenants, and none without a role", async () => {
		const ben = await signedIn("ben");
		const post = (headers) =>
			ben.send(`${url}/v1/price`, {
				method: "POST",
				body: '{"gpu_hour": 2, "tokens_per_second": 1000}',
				headers: { "content-type": "application/json", ...headers },
			});
		assert.equal((await post({ origin: url })).status, 200);
		await problem(
			await ben.send(`${url}/v1/catalog`, { headers: { "farthing-tenant": "finance" } }),
			403,
			"another-tenant",
		);
		assert.equal((await ben.send(`${url}/v1/catalog`, { headers: { "farthing-tenant": "search" } })).status, 200);
		await problem((await signedIn("eve")).answer, 403, "no-role");
		// A form of another site, and a program that carries the cookie: neither says that it is our page.
		await problem(await post({}), 403, "cross-site");
		await problem(await post({ origin: "https://evil.test" }), 403, "cross-site");
	});

	it("what one tenant has asked, another does not see", async () => {
		const ada = await signedIn("ada");
		const made = await ada.send(`${url}/v1/price`, {
			method: "POST",
			body: '{"gpu_hour": 3, "tokens_per_second": 1000}',
			headers: { "content-type": "application/json", origin: url },
		});
		const place = made.headers.get("location");
		assert.equal((await ada.send(`${url}${place}`)).status, 200);
		const other = await ada.send(`${url}${place}`, { headers: { "farthing-tenant": "search" } });
		await problem(other, 404, "unknown-result");
	});

	it("signing out ends the session here and leads on to the provider's own end", async () => {
		const ada = await signedIn("ada");
		await problem(await ada.send(`${url}/auth/sign-out`, { method: "POST" }), 403, "cross-site");
		const stolen = ada.answer.headers.getSetCookie()[0].split(";")[0];
		const out = await ada.send(`${url}/auth/sign-out`, { method: "POST", headers: { origin: url } });
		assert.equal(out.status, 303);
		assert.equal(new URL(out.headers.get("location")).origin, provider.issuer);
		assert.equal((await ada.send(out.headers.get("location"))).status, 200);
		assert.equal((await ada.send(`${url}/v1/catalog`)).status, 401);
		assert.equal((await fetch(`${url}/v1/catalog`, { headers: { cookie: stolen } })).status, 401);
	});

	it("programs bring a token of the provider: theirs alone, for this server, while it lives", async () => {
		const asks = (token, more) => fetch(`${url}/v1/catalog`, bearer(token, more));
		const good = await provider.token(AUDIENCE, { groups: ["finops"], sub: "batch" });
		assert.equal((await asks(good)).status, 200);
		await problem(await asks(good, { "farthing-tenant": "other" }), 403, "another-tenant");
		await problem(
			await asks(await provider.token("https://other.test", { groups: ["finops"] })),
			401,
			"wrong-audience",
		);
		await problem(await asks(await provider.token(AUDIENCE, { groups: ["none"] })), 403, "no-role");
		const [head, , signature] = good.split(".");
		const forged = Buffer.from(
			JSON.stringify({ iss: provider.issuer, aud: AUDIENCE, exp: 9e9, sub: "x", groups: ["finops"] }),
		);
		await problem(await asks(`${head}.${forged.toString("base64url")}.${signature}`), 401, "wrong-token");
		const none = Buffer.from('{"alg":"none"}').toString("base64url");
		await problem(await asks(`${none}.${forged.toString("base64url")}.AA`), 401, "wrong-token");
	});

	it("a token is taken while it lives, and told to have expired after", async () => {
		lives[AUDIENCE] = 2;
		const token = await provider.token(AUDIENCE, { groups: ["finops"] });
		const asks = () => fetch(`${url}/v1/catalog`, bearer(token));
		assert.equal((await asks()).status, 200);
		await new Promise((resolve) => setTimeout(resolve, 2100));
		await problem(await asks(), 401, "expired-token");
		delete lives[AUDIENCE];
	});

	it("in a real browser: from a link into a page, through the provider's forms, to that page, and out again", async () => {
		const browser = await startBrowser();
		try {
			const page = await browser.newPage();
			page.setDefaultTimeout(60_000);
			await page.goto(`${url}/?lang=zh#claims`);
			await page.fill("input[name=login]", "ada");
			await page.fill("input[name=password]", "any");
			await page.click("button[type=submit]");
			await page.waitForSelector("input[value=consent]", { state: "attached" });
			await page.click("button[type=submit]");
			await page.waitForURL(`${url}/?lang=zh#claims**`);
			await page.waitForSelector("h1");
			assert.equal(await page.getAttribute("html", "lang"), "zh");
			const status = await page.evaluate(() => fetch("/v1/catalog").then((response) => response.status));
			assert.equal(status, 200);
			const posted = await page.evaluate(() =>
				fetch("/v1/price", {
					method: "POST",
					body: '{"gpu_hour": 2, "tokens_per_second": 1000}',
					headers: { "content-type": "application/json" },
				}).then((response) => response.status),
			);
			assert.equal(posted, 200);
			await page.click("a.account");
			assert.match(await page.textContent("p"), /ada@finance\.test/);
			assert.equal(await page.getAttribute("a", "href"), "/?lang=zh#claims");
			await page.click("button");
			await page.waitForURL(`${provider.issuer}/**`);
			await page.goto(`${url}/auth/account`);
			assert.match(await page.textContent("p"), /Nobody has signed in/);
			assert.deepEqual(
				(await page.context().cookies(url)).map(({ name }) => name),
				[],
			);
		} finally {
			await browser.close();
		}
	});

	it("with the provider down, sign-in says so, and keys, sessions and known tokens go on", async () => {
		const ada = await signedIn("ada");
		const token = await provider.token(AUDIENCE, { groups: ["finops"] });
		await provider.stop();
		const begun = person("ada");
		// What is known of the provider is kept, so the browser is sent there; what cannot be asked is told.
		assert.equal((await begun.send(`${url}/auth/sign-in`)).status, 302);
		const port = await freePort();
		const fresh = await serve(port);
		try {
			const answer = await fetch(`http://127.0.0.1:${port}/auth/sign-in`);
			assert.equal(answer.headers.get("retry-after"), "10");
			await problem(answer, 503, "provider-down");
			await problem(await fetch(`http://127.0.0.1:${port}/v1/catalog`, bearer(token)), 503, "provider-down");
			assert.equal((await fetch(`http://127.0.0.1:${port}/v1/catalog`, bearer(key))).status, 200);
		} finally {
			await ended(fresh);
		}
		assert.equal((await ada.send(`${url}/v1/catalog`)).status, 200);
		assert.equal((await fetch(`${url}/v1/catalog`, bearer(token))).status, 200);
		assert.equal((await fetch(`${url}/v1/catalog`, bearer(key))).status, 200);
	});
});
