/**
 * The identity provider, as OpenID Connect has it: found by the discovery document of the one issuer that the file
 * names, asked when it is first needed, and again after it could not be reached.
 */
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import * as oidc from "openid-client";
import { RefusalError } from "../../problem.ts";
import { isOwnMachine, type SignOnConfig } from "./config.ts";
import { type Claims, claimsRead, hasClaim } from "./roles.ts";

/** What has to come back with the browser. */
export interface Begun {
	readonly state: string;
	readonly nonce: string;
	readonly verifier: string;
}

export interface Provider {
	/** Where the browser goes to sign in. */
	begin(): Promise<{ readonly url: URL; readonly begun: Begun }>;
	/** What the provider says of who came back. Throws RefusalError. */
	finish(query: string, begun: Begun): Promise<{ readonly claims: Claims; readonly idToken: string }>;
	/** Claims of a bearer token. Throws RefusalError. */
	claimsOfToken(token: string): Promise<Claims>;
	/** Where the browser goes to sign out there too; undefined where the provider has no such place or is down. */
	signOutUrl(idToken: string | undefined): Promise<URL | undefined>;
}

const ANSWER_WITHIN_S = 5;
const RETRY_S = 10;
export const CALLBACK = "/auth/callback";
const ASYMMETRIC = [
	"RS256",
	"RS384",
	"RS512",
	"PS256",
	"PS384",
	"PS512",
	"ES256",
	"ES384",
	"ES512",
	"EdDSA",
	"Ed25519",
];

export function provider(config: SignOnConfig): Provider {
	const { issuer, clientId, secret, clientAuth, publicUrl, audience, scope, roles } = config;
	const redirect = new URL(CALLBACK, publicUrl).href;
	let known: Promise<oidc.Configuration> | undefined;
	let keys: ReturnType<typeof createRemoteJWKSet> | undefined;

	const discovered = (): Promise<oidc.Configuration> => {
		known ??= discover().catch((error: unknown) => {
			known = undefined;
			throw isNotReached(error) ? unreachable() : badProvider(error);
		});
		return known;
	};
	const discover = async (): Promise<oidc.Configuration> => {
		const how =
			secret === undefined
				? oidc.None()
				: clientAuth === "basic"
					? oidc.ClientSecretBasic(secret)
					: oidc.ClientSecretPost(secret);
		const found = await oidc.discovery(issuer, clientId, secret, how, {
			timeout: ANSWER_WITHIN_S,
			execute: isOwnMachine(issuer) ? [oidc.allowInsecureRequests] : [],
		});
		// The token comes from the provider itself, and is still not believed without its signature.
		oidc.enableNonRepudiationChecks(found);
		return found;
	};

	return {
		async begin() {
			const configuration = await discovered();
			const begun = {
				state: oidc.randomState(),
				nonce: oidc.randomNonce(),
				verifier: oidc.randomPKCECodeVerifier(),
			};
			const url = oidc.buildAuthorizationUrl(configuration, {
				redirect_uri: redirect,
				scope,
				state: begun.state,
				nonce: begun.nonce,
				code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
				code_challenge_method: "S256",
			});
			return { url, begun };
		},
		async finish(query, { state, nonce, verifier }) {
			const configuration = await discovered();
			try {
				const tokens = await oidc.authorizationCodeGrant(configuration, new URL(`${redirect}${query}`), {
					expectedState: state,
					expectedNonce: nonce,
					pkceCodeVerifier: verifier,
					idTokenExpected: true,
				});
				const told = (tokens.claims() ?? {}) as Claims & { readonly sub: string };
				const isAllTold = claimsRead(roles).every((name) => hasClaim(told, name));
				const more =
					isAllTold || configuration.serverMetadata().userinfo_endpoint === undefined
						? {}
						: await oidc.fetchUserInfo(configuration, tokens.access_token, told.sub);
				return { claims: { ...more, ...told }, idToken: tokens.id_token ?? "" };
			} catch (error) {
				throw signInRefusal(error);
			}
		},
		async claimsOfToken(token) {
			if (audience === undefined) {
				throw new RefusalError(401, "no-audience", {
					en: "this server takes API keys, and no tokens of the provider",
					zh: "此服务器接受 API 密钥，不接受身份提供方的令牌",
				});
			}
			const place = (await discovered()).serverMetadata().jwks_uri;
			if (place === undefined) throw badProvider(new Error("it publishes no keys"));
			keys ??= createRemoteJWKSet(new URL(place), { timeoutDuration: ANSWER_WITHIN_S * 1000 });
			try {
				const { payload } = await jwtVerify(token, keys, {
					issuer: (await discovered()).serverMetadata().issuer,
					audience,
					algorithms: ASYMMETRIC,
					requiredClaims: ["exp", "sub"],
				});
				return payload as Claims;
			} catch (error) {
				throw tokenRefusal(error);
			}
		},
		async signOutUrl(idToken) {
			const configuration = await discovered().catch(() => undefined);
			if (configuration?.serverMetadata().end_session_endpoint === undefined) return undefined;
			return oidc.buildEndSessionUrl(configuration, idToken === undefined ? {} : { id_token_hint: idToken });
		},
	};
}

function unreachable(): RefusalError {
	const message = "the identity provider does not answer: sign in again later; API keys still work";
	return new RefusalError(503, "provider-down", message, RETRY_S);
}

function badProvider(error: unknown): RefusalError {
	const message = `the identity provider does not answer as OpenID Connect asks: ${(error as Error).message}`;
	return new RefusalError(503, "provider-fault", message, RETRY_S);
}

function signInRefusal(error: unknown): RefusalError {
	if (isNotReached(error)) return unreachable();
	if (error instanceof oidc.AuthorizationResponseError) {
		return new RefusalError(403, "sign-in-refused", `the identity provider refused: ${plain(error.error)}`);
	}
	if (error instanceof oidc.ResponseBodyError) {
		return new RefusalError(401, "sign-in-failed", `the identity provider took no code: ${plain(error.error)}`);
	}
	const reason = (error as Error).message;
	return new RefusalError(401, "sign-in-failed", `this sign-in does not fit the one that began here: ${reason}`);
}

function tokenRefusal(error: unknown): RefusalError {
	if (error instanceof errors.JWTExpired)
		return new RefusalError(401, "expired-token", { en: "the token has expired", zh: "令牌已过期" });
	if (error instanceof errors.JWTClaimValidationFailed) {
		const code = error.claim === "aud" ? "wrong-audience" : "wrong-token";
		return new RefusalError(401, code, `the token is not for this server: its "${error.claim}" does not fit`);
	}
	if (error instanceof errors.JWKSTimeout || isNotReached(error)) return unreachable();
	// Any other answer than keys is a fault of the provider; a key it does not have is one of the token.
	if (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC") return unreachable();
	return new RefusalError(401, "wrong-token", {
		en: "the token is no JSON Web Token that this provider signed",
		zh: "令牌不是此身份提供方签发的 JSON Web Token",
	});
}

/** Neither the network nor the program behind it: what came back was no answer to the question. */
function isNotReached(error: unknown): boolean {
	for (let at = error; at instanceof Error; at = at.cause) {
		if (at.name === "TimeoutError" || at.name === "AbortError" || at.message === "fetch failed") return true;
		const { cause } = at;
		if (cause instanceof Response && cause.status >= 500) return true;
	}
	return false;
}

/** Error codes of OAuth are a few letters; whatever else came in the redirect is not repeated. */
function plain(code: string): string {
	return /^[\w-]{1,60}$/.test(code) ? code : "an error without a name";
}
