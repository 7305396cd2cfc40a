/** The lab: a fleet under traffic, request by request, and the run to be watched again. */
import type { ReactNode } from "react";
import { useMemo, useState } from "react";
import { formatQuantity } from "@farthing/engine";
import { fileName, pickedFile } from "../../engine/picked-files.ts";
import type { SimulateAnswer } from "../../engine/questions/simulate.ts";
import { type Simulating, useSimulation } from "../../engine/use-simulation.ts";
import { ErrorBox } from "../../shell/error-box.tsx";
import { Warnings } from "../../shell/warnings.tsx";
import { useAppState } from "../../state/store.ts";
import { useScenario, useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { CostTables } from "./cost-tables.tsx";
import { CourseChart } from "./course-chart.tsx";
import { HoursMap } from "./hours-map.tsx";
import { LatencyChart } from "./latency-chart.tsx";
import { Replay } from "./replay.tsx";
import { RunsTable } from "./runs-table.tsx";
import { SaveScenario } from "./save-scenario.tsx";
import { StatesChart } from "./states-chart.tsx";
import { TraceAccount, TraceField } from "./trace-field.tsx";
import { TrafficInputs } from "./traffic-inputs.tsx";
import { filesOf, isSeed, MOST_REQUESTS, requestsOf, simulateWords } from "./traffic-words.ts";
import { Verdict } from "./verdict.tsx";
import { Attribution } from "../../shell/attribution.tsx";

export function TrafficPage(): ReactNode {
	const say = useWords("traffic");
	const { view } = useAppState();
	const scenario = useScenarioWords();
	const lost = filesOf(view).filter(([, key]) => pickedFile(key) === undefined);
	const isLost = lost.length > 0;
	const asked = JSON.stringify(simulateWords(scenario, view));
	const words = useMemo(() => JSON.parse(asked) as ReturnType<typeof simulateWords>, [asked]);
	const [isSeedWrong, setSeedWrong] = useState(false);
	const [allowed, setAllowed] = useState("");
	const requests = requestsOf(useScenario().current, view);
	const isTooMany = requests !== undefined && requests > MOST_REQUESTS && allowed !== asked;
	const run = useSimulation(isLost || isTooMany || !isSeed(view["seed"]) ? undefined : words);
	const { answer, refusal } = run;
	const isStale = run.isWaiting || run.isEnded || isTooMany || isSeedWrong || !isSeed(view["seed"]);
	return (
		<div className="page traffic-page" aria-busy={run.isWaiting}>
			<h1>{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<TrafficInputs refusal={refusal} onFault={setSeedWrong} />
			<TraceField refusal={refusal} />
			{lost.map(([option, key]) => (
				<p key={option} className="notice">
					{say(`${option}.lost`, { name: fileName(key) })}
				</p>
			))}
			{isTooMany ? (
				<p className="notice" role="status" data-run="many">
					{say("many", { requests: formatQuantity(requests, "") })}{" "}
					<button type="button" className="button" onClick={() => setAllowed(asked)}>
						{say("many.run")}
					</button>
				</p>
			) : (
				<Running run={run} />
			)}
			{refusal === undefined ? null : <ErrorBox refusal={refusal} />}
			{answer === undefined || refusal !== undefined || isLost ? null : (
				<>
					{isStale ? (
						<p className="notice" role="status" data-run="earlier">
							{say("earlier")}
						</p>
					) : null}
					<Answer answer={answer} isStale={isStale} />
				</>
			)}
		</div>
	);
}

function Answer({ answer, isStale }: { readonly answer: SimulateAnswer; readonly isStale: boolean }): ReactNode {
	return (
		<div className={`traffic-body${isStale ? " stale" : ""}`}>
			<Verdict answer={answer} />
			<TraceAccount answer={answer} />
			<Replay key={answer.id} answer={answer} />
			<LatencyChart answer={answer} />
			<CourseChart answer={answer} />
			<StatesChart answer={answer} />
			<HoursMap answer={answer} />
			<RunsTable answer={answer} />
			<CostTables answer={answer} />
			<SaveScenario />
			<Warnings warnings={answer.warnings} />
			<Attribution of={answer.result.attribution} />
		</div>
	);
}

/** How far it is, with a button that ends it; or that it was ended, with one that runs it. */
function Running({ run }: { readonly run: Simulating }): ReactNode {
	const say = useWords("traffic");
	const { isWaiting, isEnded, progress } = run;
	if (isEnded) {
		return (
			<p className="traffic-running" role="status">
				{say("stopped")}{" "}
				<button type="button" className="button" data-run="again" onClick={run.again}>
					{say("again")}
				</button>
			</p>
		);
	}
	if (!isWaiting) return null;
	const share = progress === undefined ? undefined : `${Math.floor(progress * 100)}%`;
	const text = share === undefined ? say("planning") : say("running", { share });
	return (
		<p className="traffic-running" role="status">
			<progress aria-label={text} max={1} {...(progress === undefined ? {} : { value: progress })} /> {text}{" "}
			<button type="button" className="button" data-run="stop" onClick={run.end}>
				{say("stop")}
			</button>
		</p>
	);
}
