/** A trace of one's own: picked from the disk, read here, sent nowhere. */
import type { SimulateResult } from "@farthing/answers";
import type { ReactNode } from "react";
import { useRef } from "react";
import { ViewField } from "../../controls/view-field.tsx";
import { fileName, keepFile } from "../../engine/picked-files.ts";
import type { Refusal } from "../../engine/protocol.ts";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { update, useAppState } from "../../state/store.ts";
import { useWords } from "../../words/words.ts";

export function TraceField({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("traffic");
	const { view } = useAppState();
	const input = useRef<HTMLInputElement>(null);
	const trace = view["trace"];
	// A trace is replayed whole unless its hours are asked for.
	const take = (file: File): void => {
		const { hours: _, at: __, ...others } = view;
		update({ view: { ...others, trace: keepFile(file) } });
	};
	const leave = (): void => {
		const { trace: _, traceRate: __, traceLength: ___, ...others } = view;
		update({ view: others });
	};
	return (
		<details className="traffic-trace" open={trace !== undefined}>
			<summary>{say("inputs.trace")}</summary>
			<p className="lead-small">{say("trace.lead")}</p>
			<p>
				<button type="button" className="button" onClick={() => input.current?.click()}>
					{trace === undefined ? say("trace.pick") : say("trace.other")}
				</button>{" "}
				{trace === undefined ? null : (
					<>
						<code>{fileName(trace)}</code>{" "}
						<button type="button" className="button-link" data-trace="away" onClick={leave}>
							{say("trace.away")}
						</button>
					</>
				)}
				<input
					ref={input}
					className="hidden"
					type="file"
					tabIndex={-1}
					aria-label={say("trace.pick")}
					data-trace="file"
					onChange={({ target }) => {
						const file = target.files?.[0];
						if (file !== undefined) take(file);
						target.value = "";
					}}
				/>
			</p>
			{trace === undefined ? null : (
				<div className="field-pair">
					<ViewField name="traceRate" label={say("trace.rate")} otherwise="1" refusal={refusal} flag="--trace-rate" />
					<ViewField
						name="traceLength"
						label={say("trace.length")}
						otherwise="1"
						refusal={refusal}
						flag="--trace-length"
					/>
				</div>
			)}
		</details>
	);
}

/** As `simulate` adds it to a result of a trace. */
interface WithTrace extends SimulateResult {
	readonly trace?: {
		readonly lines: number;
		readonly requests: number;
		readonly quarantined: number;
		readonly faults: readonly { readonly line: number; readonly reason: string }[];
	};
}

/** What was read of a trace, and each line that was set aside. */
export function TraceAccount({ answer }: { readonly answer: SimulateAnswer }): ReactNode {
	const say = useWords("traffic");
	const { trace, traffic } = answer.result as WithTrace;
	if (trace === undefined) return null;
	const { lines, requests, quarantined, faults } = trace;
	const more = quarantined - faults.length;
	return (
		<section className="traffic-account">
			<p>{say("trace.read", { name: traffic.requests.replace(/^trace /, ""), requests, lines })}</p>
			{quarantined === 0 ? null : (
				<>
					<p>{say("trace.quarantined", { count: quarantined })}</p>
					<ul className="plain-list">
						{faults.map(({ line, reason }) => (
							<li key={line}>{say("trace.line", { line, reason })}</li>
						))}
						{more > 0 ? <li>{say("trace.more", { count: more })}</li> : null}
					</ul>
				</>
			)}
		</section>
	);
}
