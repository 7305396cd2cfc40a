/** A file of the question that is picked from the disk: it stays in this browser, and the URL names it. */
import type { ReactNode } from "react";
import { useId, useRef } from "react";
import { refusalText } from "../../controls/typed-field.tsx";
import { fileName, keepFile, pickedFile } from "../../engine/picked-files.ts";
import type { Refusal } from "../../engine/protocol.ts";
import { useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";

export interface PickedFileFieldProps {
	/** Name of the option in the URL. */
	readonly name: string;
	readonly label: string;
	readonly hint: string;
	/** Endings that the file dialog offers. */
	readonly accept: string;
	readonly refusal: Refusal | undefined;
	readonly flag: string;
	readonly onPick: (key: string | undefined) => void;
}

export function PickedFileField(props: PickedFileFieldProps): ReactNode {
	const { name, label, hint, accept, refusal, flag, onPick } = props;
	const say = useWords("traffic");
	const id = useId();
	const input = useRef<HTMLInputElement>(null);
	const key = useAppState().view[name];
	const file = key === undefined ? undefined : fileName(key);
	const isLost = key !== undefined && pickedFile(key) === undefined;
	const told = refusal !== undefined && isAbout(refusal, flag, file) ? refusal : undefined;
	const fault = isLost ? say("file.lost") : told === undefined ? undefined : placed(told);
	return (
		<div className={`field${fault === undefined ? "" : " field-wrong"}`} data-picked={name}>
			<span className="field-name" id={id}>
				{label}
			</span>
			<div className="traffic-file" role="group" aria-labelledby={id} aria-describedby={`${id}-note`}>
				<button type="button" className="button" onClick={() => input.current?.click()}>
					{file === undefined ? say("file.pick") : say("file.other")}
				</button>
				{file === undefined ? null : (
					<button type="button" className="button-link" data-away={name} onClick={() => onPick(undefined)}>
						{say("file.away")}
					</button>
				)}
				<input
					ref={input}
					className="hidden"
					type="file"
					tabIndex={-1}
					accept={accept}
					aria-label={label}
					data-file={name}
					onChange={({ target }) => {
						const picked = target.files?.[0];
						if (picked !== undefined) onPick(keepFile(picked));
						target.value = "";
					}}
				/>
			</div>
			<p id={`${id}-note`} className="field-note">
				{file === undefined ? null : <code>{file}</code>}{" "}
				{fault === undefined ? (
					file === undefined ? (
						hint
					) : null
				) : (
					<span className="field-fault" role="alert">
						{fault}
					</span>
				)}
			</p>
		</div>
	);
}

/** Of the flag, or of a place in the file. */
function isAbout({ detail }: Refusal, flag: string, file: string | undefined): boolean {
	return detail.field === flag || (file !== undefined && detail.file === file);
}

function placed(refusal: Refusal): string {
	const { line, column } = refusal.detail;
	return `${line === undefined ? "" : `${line}:${column ?? 1}: `}${refusalText(refusal)}`;
}
