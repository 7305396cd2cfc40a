/** Three doors, and the example already computed. */
import type { ReactNode } from "react";
import { useState } from "react";
import { useAnswer } from "../../engine/use-answer.ts";
import { useNames } from "../../engine/use-names.ts";
import { Quantity } from "../../quantity/quantity.tsx";
import { AskedVolume } from "../../shell/asked-volume.tsx";
import { ErrorBox } from "../../shell/error-box.tsx";
import { changeOf } from "../../state/url.ts";
import { goTo, linkTo, setChange } from "../../state/store.ts";
import { useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { isPage } from "../registry.ts";
import { BridgeChart } from "../answer/bridge-chart.tsx";

export function StartPage(): ReactNode {
	const say = useWords("start");
	return (
		<div className="page">
			<h1 className="start-title">{say("title")}</h1>
			<p className="lead">{say("lead")}</p>
			<div className="doors">
				<TrafficDoor />
				<section className="door">
					<h2>{say("door.bill")}</h2>
					<p>{say("door.bill.text")}</p>
					<DoorLink page="actuals" text={say("door.bill.open")} />
				</section>
				<section className="door">
					<h2>{say("door.claim")}</h2>
					<p>{say("door.claim.text")}</p>
					<DoorLink page="claims" text={say("door.claim.open")} />
				</section>
			</div>
			<Example />
		</div>
	);
}

function TrafficDoor(): ReactNode {
	const say = useWords("start");
	const [demand, setDemand] = useState("");
	return (
		<section className="door">
			<h2>{say("door.traffic")}</h2>
			<p>{say("door.traffic.text")}</p>
			<form
				className="door-form"
				onSubmit={(event) => {
					event.preventDefault();
					if (demand.trim() !== "") setChange("demand.tokens_per_day", changeOf(demand.trim()), { isPassing: true });
					goTo("answer");
				}}
			>
				<label>
					<span className="field-name">{say("door.traffic.demand")}</span>
					<input
						className="input"
						placeholder="5B"
						value={demand}
						spellCheck={false}
						onChange={({ target }) => setDemand(target.value)}
					/>
				</label>
				<button type="submit" className="button button-first">
					{say("door.traffic.open")}
				</button>
			</form>
		</section>
	);
}

function DoorLink({ page, text }: { readonly page: string; readonly text: string }): ReactNode {
	if (!isPage(page)) return null;
	return (
		<a className="button" href={linkTo(page)}>
			{text}
		</a>
	);
}

function Example(): ReactNode {
	const say = useWords("start");
	const names = useNames();
	const words = useScenarioWords();
	const { answer, refusal, isWaiting } = useAnswer("plan", words);
	if (refusal !== undefined) return <ErrorBox refusal={refusal} />;
	const best = answer?.result.options[0];
	if (answer === undefined || best === undefined) return <p className="waiting">…</p>;
	return (
		<section className={isWaiting ? "stale" : ""} aria-busy={isWaiting}>
			<h2>
				{say.nodes("example", {
					model: names("models", answer.result.model),
					volume: <AskedVolume of={answer.result.question["tokens"]} />,
				})}
			</h2>
			<p className="start-sentence">
				{say.nodes("example.sentence", {
					headline: <Quantity of={best.headline} size="large" />,
					delivered: <Quantity of={best.delivered} size="large" showsGrade />,
				})}
			</p>
			<BridgeChart plan={answer} option={best} />
			<p>
				<a className="button" href={linkTo("answer")}>
					{say("example.open")}
				</a>
			</p>
		</section>
	);
}
