/** Who has signed in at the server of the pages, and the way out. Only there is a cookie that says so. */
import type { ReactNode } from "react";
import { useAppState } from "../state/store.ts";
import { useWords } from "../words/words.ts";

export function Account(): ReactNode {
	const say = useWords("shell");
	useAppState();
	const name = personIn(document.cookie);
	if (name === undefined) return null;
	return (
		<a
			className="button-quiet account"
			href={accountPath()}
			title={say("account.title", { name })}
			// A drag is in the address only once it ends.
			onClick={({ currentTarget }) => (currentTarget.href = accountPath())}
		>
			{say("account")}
		</a>
	);
}

/** The script there takes query and # along, and brings the reader back to them. */
export function signInPath(): string {
	return `/auth/start${location.search}${location.hash}`;
}

function accountPath(): string {
	const query = new URLSearchParams(location.search);
	query.set("back", `/${location.search}${location.hash}`);
	return `/auth/account?${query}`;
}

/** The name in `farthing-person`, which the server sets as somebody signs in. */
export function personIn(cookies: string): string | undefined {
	const text = /(?:^|; )farthing-person=([^;]+)/.exec(cookies)?.[1];
	if (text === undefined) return undefined;
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
