import type { ReactNode } from "react";
import { useState } from "react";
import { useWords } from "../words/words.ts";

/** Copies a text; where the browser does not allow it, shows the text to be copied by hand. */
export function CopyButton({
	text,
	label,
	className = "button-link",
}: {
	readonly text: string | (() => string);
	readonly label: string;
	readonly className?: string;
}): ReactNode {
	const say = useWords("common");
	const [told, setTold] = useState<"copied" | "refused" | undefined>();
	const textNow = (): string => (typeof text === "string" ? text : text());
	return (
		<span className="copy">
			<button
				type="button"
				className={className}
				onClick={() => {
					void copied(textNow()).then((done) => {
						setTold(done ? "copied" : "refused");
						if (done) setTimeout(() => setTold(undefined), 2000);
					});
				}}
			>
				{told === "copied" ? say("chart.copied") : label}
			</button>
			<span role="status" className="hidden">
				{told === "copied" ? say("chart.copied") : ""}
			</span>
			{told === "refused" ? (
				<label className="copy-by-hand">
					{say("chart.notCopied")}
					<input readOnly value={textNow()} onFocus={(event) => event.target.select()} />
				</label>
			) : null}
		</span>
	);
}

async function copied(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		return false;
	}
}
