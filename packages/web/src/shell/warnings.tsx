import type { Warning } from "@farthing/answers";
import type { ReactNode } from "react";
import { useWords } from "../words/words.ts";

/** What a result says beside its numbers. */
export function Warnings({ warnings }: { readonly warnings: readonly Warning[] }): ReactNode {
	const say = useWords("common");
	if (warnings.length === 0) return null;
	return (
		<details className="warnings">
			<summary>{warnings.length === 1 ? say("warning") : say("warnings", { count: warnings.length })}</summary>
			<ul>
				{warnings.map(({ code, message }) => (
					<li key={`${code} ${message}`}>{message}</li>
				))}
			</ul>
		</details>
	);
}
