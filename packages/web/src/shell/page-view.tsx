/** The page of the state, loaded when it is first opened. */
import type { ComponentType, ReactNode } from "react";
import { Component, useEffect, useState } from "react";
import { pages } from "../pages/registry.ts";
import { useAppState } from "../state/store.ts";
import { useWords } from "../words/words.ts";
import { AskedOfScenario } from "./asked.tsx";
import { ErrorBox } from "./error-box.tsx";

const loaded = new Map<string, ComponentType>();

export function PageView(): ReactNode {
	const say = useWords("shell");
	const { page } = useAppState();
	const entry = pages.find(({ id }) => id === page);
	const [, setArrived] = useState("");
	const [fault, setFault] = useState<string | undefined>();

	useEffect(() => {
		if (entry === undefined || loaded.has(entry.id)) return;
		entry.load().then(
			(component) => {
				loaded.set(entry.id, component);
				setFault(undefined);
				setArrived(entry.id);
			},
			(error: Error) => setFault(error.message),
		);
	}, [entry]);

	useEffect(() => {
		if (entry !== undefined) document.title = `${say(`page.${entry.id}`)} · farthing`;
	}, [entry, say]);

	if (entry === undefined) {
		return (
			<div className="page">
				<h1>{say("notFound.title")}</h1>
				<p>{say("notFound.text")}</p>
			</div>
		);
	}
	const Page = loaded.get(entry.id);
	if (Page !== undefined) {
		return (
			<Guard key={entry.id}>
				{entry.isOfScenario === true ? (
					<AskedOfScenario>
						<Page />
					</AskedOfScenario>
				) : (
					<Page />
				)}
			</Guard>
		);
	}
	if (fault !== undefined) return <p role="alert">{say("load.failed", { message: fault })}</p>;
	return <p className="waiting">…</p>;
}

/** A fault of one page leaves the others usable. */
class Guard extends Component<{ readonly children: ReactNode }, { readonly fault?: Error }> {
	override state: { readonly fault?: Error } = {};

	static getDerivedStateFromError(fault: Error): { readonly fault: Error } {
		return { fault };
	}

	override render(): ReactNode {
		const { fault } = this.state;
		if (fault === undefined) return this.props.children;
		return <ErrorBox refusal={{ exit: 70, code: "internal", message: fault.message, detail: {} }} />;
	}
}
