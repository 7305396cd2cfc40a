/** The frame around every page: menu, display options, the Why drawer, keys. */
import type { DollarRate } from "@farthing/answers";
import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { CopyButton } from "../controls/copy-button.tsx";
import { useAnswer } from "../engine/use-answer.ts";
import { GROUPS, pages } from "../pages/registry.ts";
import { type Conversion, SourcedRates, useConversion } from "../quantity/conversion.ts";
import { linkWith } from "../state/link.ts";
import { linkTo, setDisplay, update, urlFaults, useAppState } from "../state/store.ts";
import { useWords } from "../words/words.ts";
import { WhyDrawer } from "../why/why-drawer.tsx";
import { Account } from "./account.tsx";
import { DisplayMenu } from "./display-menu.tsx";
import { pressKey } from "./keys.ts";
import { PageView } from "./page-view.tsx";

/** Before the catalogue is read. */
const NONE: readonly DollarRate[] = [];

export function Shell(): ReactNode {
	const say = useWords("shell");
	const state = useAppState();
	const { answer } = useAnswer("catalogue", null);
	const version = answer === undefined ? undefined : `${answer.manifest.version}+${answer.manifest.hash.slice(0, 12)}`;

	useEffect(() => {
		const press = (event: KeyboardEvent): void => pressKey(event);
		document.addEventListener("keydown", press);
		return () => document.removeEventListener("keydown", press);
	}, []);

	return (
		<SourcedRates value={answer?.rates ?? NONE}>
			<a className="skip" href="#main" onClick={focusMain}>
				{say("skip")}
			</a>
			<header className="top">
				<a className="brand" href={linkTo("start")}>
					<span className="brand-mark" aria-hidden="true" />
					farthing
				</a>
				<span className="tagline">{say("tagline")}</span>
				<div className="top-tools">
					<CopyButton className="button-quiet" text={() => linkWith(version)} label={say("link.copy")} />
					<DisplayMenu />
					<Account />
				</div>
			</header>
			<div className={`body${state.why === undefined ? "" : " body-why"}`}>
				<Menu />
				<main id="main" tabIndex={-1}>
					<Notices version={version} />
					<PageView />
				</main>
				<WhyDrawer />
			</div>
			<footer className="foot">
				<p>{say("footer")}</p>
				<p>
					{answer === undefined
						? ""
						: say("footer.catalogue", { version: version ?? "", date: answer.manifest.releaseDate })}{" "}
					<span className="keys">{say("keys.text")}</span>
				</p>
			</footer>
		</SourcedRates>
	);
}

function Menu(): ReactNode {
	const say = useWords("shell");
	const { page, changes, text } = useAppState();
	const count = Object.keys(changes).length + (text === undefined ? 0 : 1);
	const nav = useRef<HTMLElement>(null);
	// On a phone the pages stand in one row, which is longer than the window.
	useEffect(() => {
		const link = nav.current?.querySelector<HTMLElement>('[aria-current="page"]');
		if (nav.current === null || link === null || link === undefined) return;
		nav.current.scrollLeft = link.offsetLeft - (nav.current.clientWidth - link.offsetWidth) / 2;
	}, [page]);
	return (
		<nav ref={nav} className="nav" aria-label={say("nav.label")}>
			{GROUPS.map((group) => {
				const entries = pages.filter((entry) => entry.group === group);
				if (entries.length === 0) return null;
				return (
					<section key={group}>
						<h2 className="nav-group">{say(`group.${group}`)}</h2>
						<ul>
							{entries.map(({ id }) => (
								<li key={id}>
									<a href={linkTo(id)} aria-current={id === page ? "page" : undefined}>
										{say(`page.${id}`)}
									</a>
								</li>
							))}
						</ul>
					</section>
				);
			})}
			{count === 0 ? null : (
				<p className="nav-changes">
					{count === 1 ? say("scenario.change") : say("scenario.changes", { count })}{" "}
					<button type="button" className="button-link" onClick={() => update({ changes: {}, text: undefined })}>
						{say("scenario.reset")}
					</button>
				</p>
			)}
		</nav>
	);
}

/** What amounts in another currency rest on. */
function ShownCurrency({ conversion: { currency, rate } }: { readonly conversion: Conversion }): ReactNode {
	const say = useWords("shell");
	const { code, perDollar, date } = currency;
	if (rate === undefined) return say("currency.shown", { code, rate: perDollar, date });
	const { publisher, citation, url } = rate.source;
	const source = url === undefined ? publisher : <a href={url}>{publisher}</a>;
	const values = { code, rate: perDollar, date, days: rate.ageInDays, citation };
	return say.nodes("currency.sourced", { ...values, source });
}

/** What the reader must know of the link they opened. */
function Notices({ version }: { readonly version: string | undefined }): ReactNode {
	const say = useWords("shell");
	const { catalogue } = useAppState();
	const conversion = useConversion();
	const faults = urlFaults();
	return (
		<>
			{conversion === undefined ? null : (
				<p className="notice notice-currency">
					<ShownCurrency conversion={conversion} />{" "}
					<button type="button" className="button-link" onClick={() => setDisplay({ currency: undefined })}>
						{say("currency.dollars")}
					</button>
				</p>
			)}
			{faults.length === 0 ? null : (
				<p className="notice" role="status">
					{say("link.faults", { names: faults.join(", ") })}
				</p>
			)}
			{catalogue === undefined || version === undefined || catalogue === version ? null : (
				<p className="notice" role="status">
					{say("link.otherCatalogue", { before: catalogue, now: version })}
				</p>
			)}
		</>
	);
}

function focusMain(event: { preventDefault(): void }): void {
	event.preventDefault();
	document.getElementById("main")?.focus();
}
