/** The two pages that signing in has of its own: where it begins, and who has signed in. They need neither style nor script. */
import { html } from "hono/html";
import type { Session } from "../access/sign-on/sign-on.ts";

export const START = "/auth/start";
export const START_SCRIPT = "/auth/start.js";

/** Where a page stands is behind its #, which no server sees: a script takes it along, with the language before it. */
export const START_CODE = `location.replace("/auth/sign-in?back=" + encodeURIComponent("/" + location.search + location.hash));\n`;

const WORDS = {
	en: {
		signIn: "Sign in",
		account: "account",
		nobody: "Nobody has signed in.",
		signedInAs: "Signed in as",
		signOut: "Sign out",
		back: "Back to the pages",
	},
	zh: {
		signIn: "登录",
		account: "账户",
		nobody: "尚未登录。",
		signedInAs: "已登录：",
		signOut: "退出登录",
		back: "返回页面",
	},
} as const;
type Language = keyof typeof WORDS;

/** That of `?lang=`, as on the pages, else the first one of the browser that there is. */
export function languageOf(asked: string | undefined, accepted: string | undefined): Language {
	const tags = [asked ?? "", ...(accepted ?? "").split(",")].map((tag) => tag.trim().toLowerCase().split(/[-;]/)[0]);
	return tags.find((tag): tag is Language => tag !== undefined && Object.hasOwn(WORDS, tag)) ?? "en";
}

/** `search`: the query of the page that was asked for. */
export function startPage(language: Language, search: string) {
	const words = WORDS[language];
	const signIn = `/auth/sign-in?back=${encodeURIComponent(`/${search}`)}`;
	return html`<!doctype html>
		<html lang="${language}">
			<meta name="viewport" content="width=device-width, initial-scale=1" />
			<meta name="color-scheme" content="light dark" />
			<title>farthing: ${words.signIn}</title>
			<script src="${START_SCRIPT}"></script>
			<p><a href="${signIn}">${words.signIn}</a></p>
		</html>`;
}

/** `back`: a path of this server. */
export function accountPage(language: Language, session: Session | undefined, back: string) {
	const words = WORDS[language];
	return html`<!doctype html>
		<html lang="${language}">
			<meta name="viewport" content="width=device-width, initial-scale=1" />
			<meta name="color-scheme" content="light dark" />
			<title>farthing: ${words.account}</title>
			<h1>farthing: ${words.account}</h1>
			${
				session === undefined
					? html`<p>${words.nobody} <a href="${START}${back.slice(1)}">${words.signIn}</a></p>`
					: html`${account(language, session)}
						<p><a href="${back}">${words.back}</a></p>`
			}
		</html>`;
}

function account(language: Language, { name, grants }: Session) {
	const words = WORDS[language];
	return html`<p>${words.signedInAs} ${name}</p>
		<ul>
			${[...grants].map(([tenant, scopes]) => html`<li>${tenant}: ${scopes.join(", ")}</li>`)}
		</ul>
		<form method="post" action="/auth/sign-out"><button>${words.signOut}</button></form>`;
}
