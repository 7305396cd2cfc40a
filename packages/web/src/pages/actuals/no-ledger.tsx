/** Where there is no ledger: how to get one, and saved actuals in its place. */
import type { ReactNode } from "react";
import { useId, useState } from "react";
import { CopyButton } from "../../controls/copy-button.tsx";
import type { Refusal } from "../../engine/protocol.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { setView } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";
import { keepActuals, readActuals, type SavedActuals } from "./saved-actuals.ts";

const COMMANDS = {
	import: "npx farthing import usage.jsonl gpus.jsonl bill.csv",
	serve: "npx farthing serve --ledger .farthing/ledger.duckdb",
	save: "npx farthing actuals --window 30d -o actuals.json",
} as const;

export function NoLedger({ reason }: { readonly reason: "disk" | "ledger" | "file" }): ReactNode {
	const say = useWords("actuals");
	return (
		<section className="actuals-none">
			{reason === "file" ? null : (
				<>
					<p>{say(`none.${reason}`)}</p>
					<p>{say("none.how")}</p>
					<Command text={COMMANDS.import} />
					<Command text={COMMANDS.serve} />
				</>
			)}
			<p>{say("none.or")}</p>
			<FileField />
			<p>{say("none.save")}</p>
			<Command text={COMMANDS.save} />
		</section>
	);
}

function Command({ text }: { readonly text: string }): ReactNode {
	const common = useWords("common");
	return (
		<p>
			<code>{text}</code> <CopyButton text={text} label={common("chart.command")} />
		</p>
	);
}

function FileField(): ReactNode {
	const say = useWords("actuals");
	const id = useId();
	const [refusal, setRefusal] = useState<Refusal | undefined>();
	const take = async (file: File | undefined): Promise<void> => {
		if (file === undefined) return;
		const read = readActuals(await file.text(), file.name);
		if ("refusal" in read) return setRefusal(read.refusal);
		const isKept = keepActuals(read.saved);
		if (!isKept) passing.add(read.saved.answer.id);
		setView("saved", read.saved.answer.id);
	};
	return (
		<>
			<div className="field">
				<label htmlFor={id}>{say("open.file")}</label>
				<input
					id={id}
					type="file"
					accept=".json,application/json"
					onChange={({ target }) => void take(target.files?.[0])}
				/>
			</div>
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
		</>
	);
}

/** Files that the browser would not keep. */
const passing = new Set<string>();

export function OpenedFile({ saved: { name, answer } }: { readonly saved: SavedActuals }): ReactNode {
	const say = useWords("actuals");
	const common = useWords("common");
	const { window, by, basis } = answer.result;
	return (
		<p className="actuals-opened">
			{say("open.of", {
				name,
				window: `${window.from.slice(0, 10)} – ${window.to.slice(0, 10)}`,
				by: by.map((each) => say.named("group.", each)).join(say("group.comma")) || say("all"),
				basis: common.named("basis.", basis),
			})}{" "}
			{passing.has(answer.id) ? `${say("open.passing")} ` : ""}
			<button type="button" className="button-link" onClick={() => setView("saved", undefined)}>
				{say("open.close")}
			</button>
		</p>
	);
}
