// A real OpenID Connect provider on loopback. Whoever signs in says by `login_hint` or in its form who they are.
import { createServer } from "node:http";
import Provider from "oidc-provider";

/** What the provider says of each account; groups are told by the userinfo endpoint alone, as many do. */
const ACCOUNTS = {
	ada: { groups: ["finops"], email: "ada@finance.test" },
	ben: { groups: ["engineers", "everyone"], org: "search" },
	eve: { groups: ["everyone"], org: "search" },
};
const DAY = 86_400;

export const CLIENT = { id: "farthing", secret: "the-secret-of-the-client-0123456789" };
const PROGRAMS = { id: "batch", secret: "the-secret-of-programs-0123456789" };

/** `lives`: seconds that a token for a resource lives, by resource; read when one is made. */
export async function identityProvider(callbacks, lives) {
	const server = createServer();
	const port = await new Promise((resolve) => server.listen(0, "localhost", () => resolve(server.address().port)));
	const issuer = `http://localhost:${port}`;
	const grants = {};
	const provider = new Provider(issuer, {
		clients: [
			{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: callbacks, scope: "openid profile email" },
			{
				client_id: PROGRAMS.id,
				client_secret: PROGRAMS.secret,
				redirect_uris: [],
				response_types: [],
				grant_types: ["client_credentials"],
			},
		],
		cookies: { keys: ["a-key-of-the-provider"] },
		claims: { openid: ["sub"], profile: ["groups", "org"], email: ["email"] },
		findAccount: (_, sub) =>
			sub in ACCOUNTS ? { accountId: sub, claims: () => ({ sub, ...ACCOUNTS[sub] }) } : undefined,
		pkce: { required: () => true },
		features: {
			devInteractions: { enabled: true },
			rpInitiatedLogout: { enabled: true },
			clientCredentials: { enabled: true },
			resourceIndicators: {
				enabled: true,
				getResourceServerInfo: (_, audience) => ({
					audience,
					scope: "",
					accessTokenTTL: lives[audience] ?? DAY,
					accessTokenFormat: "jwt",
				}),
			},
		},
		extraTokenClaims: () => grants.claims,
		ttl: { Grant: DAY, Interaction: 600, Session: DAY, AccessToken: DAY, IdToken: DAY, ClientCredentials: undefined },
	});
	provider.on("server_error", (_, error) => console.error(error));
	server.on("request", provider.callback());

	return {
		issuer,
		/** A token that the provider signs for a program, with these claims. */
		async token(audience, claims) {
			grants.claims = claims;
			const response = await fetch(`${issuer}/token`, {
				method: "POST",
				headers: { authorization: `Basic ${Buffer.from(`${PROGRAMS.id}:${PROGRAMS.secret}`).toString("base64")}` },
				body: new URLSearchParams({ grant_type: "client_credentials", resource: audience }),
			});
			const body = await response.json();
			if (body.access_token === undefined) throw new Error(JSON.stringify(body));
			return body.access_token;
		},
		stop: () =>
			new Promise((resolve) => {
				server.close(resolve);
				server.closeAllConnections();
			}),
	};
}

/** A browser as far as redirects, cookies and forms go: enough to sign in with, and to change what comes on the way. */
export function person(login) {
	const jars = new Map();
	const send = async (url, init = {}) => {
		const { host } = new URL(url);
		const jar = jars.get(host) ?? new Map();
		jars.set(host, jar);
		const response = await fetch(url, {
			redirect: "manual",
			...init,
			headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; "), ...init.headers },
		});
		for (const text of response.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(text);
			if (value === "" || /expires=Thu, 01 Jan 1970|max-age=0/i.test(text)) jar.delete(name);
			else jar.set(name, value);
		}
		return response;
	};
	/** Follows redirects and fills the forms of the provider in, until `until` is where the next step leads. */
	const walk = async (from, until, change = (url) => url) => {
		let url = from;
		for (let step = 0; step < 20; step++) {
			url = change(new URL(url)).href;
			if (until(new URL(url))) return url;
			let response = await send(url);
			if (response.status === 200) {
				const prompt = /name="prompt" value="(\w+)"/.exec(await response.text())?.[1];
				response = await send(url, {
					method: "POST",
					body: new URLSearchParams({ prompt, ...(prompt === "login" ? { login, password: "any" } : {}) }),
				});
			}
			const next = response.headers.get("location");
			if (next === null) return { stopped: response, url };
			url = new URL(next, url).href;
		}
		throw new Error("more redirects than a sign-in has");
	};
	return { send, walk };
}
