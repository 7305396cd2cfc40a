/** Load, fleet and run: what stands in a scenario is changed there, the rest in options of the page. */
import type { ReactNode } from "react";
import { useMemo } from "react";
import { Choice, type ChoiceOption } from "../../controls/choice.tsx";
import { LogSlider } from "../../controls/log-slider.tsx";
import { ChoiceField, QuantityField } from "../../controls/quantity-field.tsx";
import { TypedField } from "../../controls/typed-field.tsx";
import { ViewChoice, ViewField } from "../../controls/view-field.tsx";
import { fileName } from "../../engine/picked-files.ts";
import type { Refusal } from "../../engine/protocol.ts";
import { useAnswer } from "../../engine/use-answer.ts";
import { useNames } from "../../engine/use-names.ts";
import type { Change } from "../../state/app-state.ts";
import { setView, update, useAppState } from "../../state/store.ts";
import { useScenario, useScenarioWords } from "../../state/use-scenario.ts";
import { useWords } from "../../words/words.ts";
import { HOURLY, hoursIn, PEAK, withHours } from "./hourly.ts";
import { PickedFileField } from "./picked-file-field.tsx";
import { isSeed } from "./traffic-words.ts";

const DEMAND = "demand.tokens_per_day";
/** Deployments to choose among. */
const MOST_ROWS = 60;

export function TrafficInputs({
	refusal,
	onFault,
}: {
	readonly refusal: Refusal | undefined;
	/** Told whether a field holds what cannot be asked. */
	readonly onFault: (isWrong: boolean) => void;
}): ReactNode {
	const say = useWords("traffic");
	const { view } = useAppState();
	const values = useScenario();
	const common = { values, refusal };
	const { answer: catalogue } = useAnswer("catalogue", null);
	const shapes = catalogue?.shapes.map(({ id, name }) => ({ value: id, name })) ?? [];
	const hasTrace = view["trace"] !== undefined;
	const isFree = view["shape"] === undefined && view["shapeFile"] === undefined;
	return (
		<section className="traffic-inputs" aria-label={say("inputs")}>
			<fieldset disabled={hasTrace}>
				<legend>{say("inputs.load")}</legend>
				<ShapeChoice shapes={shapes} refusal={refusal} />
				<QuantityField path={DEMAND} label={say("input.demand")} {...common}>
					<LogSlider path={DEMAND} label={say("input.demand")} low={1e7} high={1e11} value={values.current(DEMAND)} />
				</QuantityField>
				<QuantityField path={PEAK} label={say("input.peak")} {...common}>
					<LogSlider path={PEAK} label={say("input.peak")} low={1} high={10} value={values.current(PEAK)} />
				</QuantityField>
				<HourlyField refusal={refusal} />
				<QuantityField
					path="traffic.weekend"
					label={say("input.weekend")}
					hint={say("input.weekend.hint")}
					{...common}
				/>
				<QuantityField path="traffic.growth" label={say("input.growth")} hint={say("input.growth.hint")} {...common} />
				{isFree ? (
					<>
						<Bursts refusal={refusal} />
						<SharedPrefix refusal={refusal} />
						<QuantityField
							path="traffic.burstiness"
							label={say("input.burstiness")}
							hint={say("input.burstiness.hint")}
							{...common}
						/>
						<QuantityField
							path="traffic.length_spread"
							label={say("input.spread")}
							hint={say("input.spread.hint")}
							{...common}
						/>
					</>
				) : null}
				<QuantityField path="workload.input" label={say("input.input")} {...common} />
				<QuantityField path="workload.output" label={say("input.output")} {...common} />
			</fieldset>
			<fieldset>
				<legend>{say("inputs.fleet")}</legend>
				<RowChoice />
				<ViewChoice
					name="modelled"
					label={say("input.modelled")}
					otherwise="off"
					choices={(["off", "on"] as const).map((value) => ({ value, name: say(`modelled.${value}`) }))}
					refusal={refusal}
					flag="--modelled"
				/>
				<PickedFileField
					name="steps"
					label={say("input.steps")}
					hint={say("input.steps.hint")}
					accept=".csv,.txt"
					refusal={refusal}
					flag="--steps"
					onPick={(key) => setView("steps", key)}
				/>
				<ChoiceField
					path="supply.disaggregated"
					label={say("input.split")}
					choices={["any", "true", "false"].map((value) => ({ value, name: say.named("split.", value) }))}
					{...common}
				/>
				<ViewField
					name="replicas"
					label={say("input.replicas")}
					hint={say("input.replicas.hint")}
					otherwise=""
					refusal={refusal}
					flag="--replicas"
				/>
				<ViewField
					name="instances"
					label={say("input.instances")}
					hint={say("input.instances.hint")}
					otherwise=""
					refusal={refusal}
					flag="--instances"
				/>
				<ViewChoice
					name="router"
					label={say("input.router")}
					otherwise=""
					choices={["", "least-loaded", "round-robin", "prefix-aware", "central"].map((value) => ({
						value,
						name: say.named("router.", value === "" ? "auto" : value),
					}))}
					refusal={refusal}
					flag="--router"
				/>
				<Autoscaler refusal={refusal} />
				<Failures refusal={refusal} />
				<QuantityField path="slo.ttft" label={say("input.ttft")} {...common} />
				<QuantityField path="slo.tokens_per_s_per_user" label={say("input.speed")} {...common} />
			</fieldset>
			<fieldset>
				<legend>{say("inputs.run")}</legend>
				<ViewField
					name="hours"
					label={say("input.hours")}
					hint={say("input.hours.hint")}
					otherwise=""
					refusal={refusal}
					flag="--hours"
				/>
				<ViewField
					name="seed"
					label={say("input.seed")}
					faultOf={(text) => (isSeed(text) ? undefined : say("seed.wrong"))}
					onFault={onFault}
					otherwise="1"
				/>
				{hasTrace ? null : (
					<ViewField
						name="runs"
						label={say("input.runs")}
						hint={say("input.runs.hint")}
						otherwise=""
						refusal={refusal}
						flag="--runs"
					/>
				)}
				<ViewChoice
					name="exact"
					label={say("input.exact")}
					otherwise="off"
					choices={(["off", "on"] as const).map((value) => ({ value, name: say(`exact.${value}`) }))}
					refusal={refusal}
					flag="--exact"
				/>
			</fieldset>
		</section>
	);
}

/** How requests come: as the fields say, as a shape of the catalogue has them, or as one that the reader picked. */
function ShapeChoice({
	shapes,
	refusal,
}: {
	readonly shapes: readonly ChoiceOption[];
	readonly refusal: Refusal | undefined;
}): ReactNode {
	const say = useWords("traffic");
	const { view } = useAppState();
	const file = view["shapeFile"];
	const { shape: _, shapeFile: __, ...others } = view;
	const choose = (id: string): void => {
		if (id !== FILE) update({ view: { ...others, ...(id === "" ? {} : { shape: id }) } });
	};
	const pick = (key: string | undefined): void =>
		update({ view: { ...others, ...(key === undefined ? {} : { shapeFile: key }) } });
	return (
		<>
			<div className="field">
				<label htmlFor="traffic-shape">{say("input.shape")}</label>
				<Choice
					id="traffic-shape"
					data-view="shape"
					value={file === undefined ? (view["shape"] ?? "") : FILE}
					choices={[
						{ value: "", name: say("shape.stated") },
						...(file === undefined ? [] : [{ value: FILE, name: say("shape.file", { name: fileName(file) }) }]),
						...shapes,
					]}
					onChoose={choose}
				/>
			</div>
			<PickedFileField
				name="shapeFile"
				label={say("input.shapeFile")}
				hint={say("input.shapeFile.hint")}
				accept=".yaml,.yml"
				refusal={refusal}
				flag="--shape"
				onPick={pick}
			/>
		</>
	);
}

/** No shape of the catalogue has such an id. */
const FILE = "file:";

/** The hours of a day or a week; the peak of the demand follows from them. */
function HourlyField({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("traffic");
	const { changes } = useAppState();
	const current = useScenario().current(HOURLY);
	return (
		<TypedField
			label={say("input.hourly")}
			text={Array.isArray(current) ? current.join(", ") : ""}
			of={{ "data-path": HOURLY }}
			note={say("input.hourly.hint")}
			refusal={refusal?.detail.field?.startsWith(HOURLY) === true ? refusal : undefined}
			faultOf={(text) => (text === "" || hoursIn(text) !== undefined ? undefined : say("hourly.wrong"))}
			onCommit={(text) => update({ changes: withHours(changes, text === "" ? undefined : hoursIn(text)) })}
		/>
	);
}

/** The deployments of a plan for the same question; what is changed of its traffic does not decide which there are. */
function RowChoice(): ReactNode {
	const say = useWords("traffic");
	const names = useNames();
	const words = useScenarioWords();
	const calm = useMemo(() => {
		const kept = Object.entries(words.changes).filter(([path]) => !path.startsWith("traffic."));
		return { ...words, changes: Object.fromEntries(kept) };
	}, [words]);
	const { answer } = useAnswer("plan", calm);
	const found = (answer?.result.options ?? [])
		.slice(0, MOST_ROWS)
		.map(({ id, hardware, precision, stack, deployment }) => ({
			value: id,
			name: say("row.option", {
				hardware: names("hardware", hardware),
				layout: deployment.layout,
				precision: names("precisions", precision),
				stack: names("stacks", stack),
				concurrency: deployment.concurrency,
			}),
		}));
	return (
		<ViewChoice
			name="row"
			label={say("input.row")}
			otherwise=""
			choices={[{ value: "", name: say("row.cheapest") }, ...found]}
		/>
	);
}

/** A switch for members that belong together: on, each has a value to begin with; off, all changes of them are taken back. */
function Switch({
	label,
	name,
	value,
	choices,
	begin,
	under,
}: {
	readonly label: string;
	readonly name: string;
	readonly value: string;
	readonly choices: readonly { readonly value: string; readonly name: string }[];
	readonly begin: (value: string) => Readonly<Record<string, Change>>;
	readonly under: string;
}): ReactNode {
	const { changes } = useAppState();
	const choose = (next: string): void => {
		const others = Object.entries(changes).filter(([path]) => next !== "none" || !path.startsWith(under));
		update({ changes: { ...(next === "none" ? {} : begin(next)), ...Object.fromEntries(others), ...policyOf(next) } });
	};
	const policyOf = (next: string): Readonly<Record<string, Change>> =>
		next === "none" || begin(next)[`${under}policy`] === undefined ? {} : { [`${under}policy`]: next };
	return (
		<div className="field">
			<label htmlFor={`switch-${name}`}>{label}</label>
			<Choice id={`switch-${name}`} data-switch={name} value={value} choices={choices} onChoose={choose} />
		</div>
	);
}

const POLICIES = ["none", "planner", "utilisation", "concurrency", "sla"] as const;

function Autoscaler({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("traffic");
	const values = useScenario();
	const common = { values, refusal };
	const start = "traffic.autoscaler.start";
	const isOn = values.current(start) !== undefined;
	const policy = isOn ? String(values.current("traffic.autoscaler.policy") ?? "planner") : "none";
	return (
		<>
			<Switch
				label={say("input.autoscaler")}
				name="autoscaler"
				value={policy}
				choices={POLICIES.map((value) => ({ value, name: say(`autoscaler.${value}`) }))}
				begin={(chosen) => ({ [start]: "5 min", "traffic.autoscaler.policy": chosen })}
				under="traffic.autoscaler."
			/>
			{isOn ? (
				<>
					<QuantityField path={start} label={say("input.start")} {...common} />
					<QuantityField path="traffic.autoscaler.fewest" label={say("input.fewest")} {...common} />
					<QuantityField
						path="traffic.autoscaler.target"
						label={say("input.target")}
						hint={say("input.target.hint")}
						{...common}
					/>
				</>
			) : null}
		</>
	);
}

function Failures({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("traffic");
	const values = useScenario();
	const common = { values, refusal };
	const between = "traffic.failures.between";
	const repair = "traffic.failures.repair";
	const isOn = values.current(between) !== undefined;
	return (
		<>
			<Switch
				label={say("input.failures")}
				name="failures"
				value={isOn ? "some" : "none"}
				choices={(["none", "some"] as const).map((value) => ({ value, name: say(`failures.${value}`) }))}
				begin={() => ({ [between]: "30 days", [repair]: "2 hours" })}
				under="traffic.failures."
			/>
			{isOn ? (
				<>
					<QuantityField path={between} label={say("input.between")} {...common} />
					<QuantityField path={repair} label={say("input.repair")} {...common} />
				</>
			) : null}
		</>
	);
}

function Bursts({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("traffic");
	const values = useScenario();
	const common = { values, refusal };
	const [rate, share, length] = ["traffic.bursts.rate", "traffic.bursts.share", "traffic.bursts.length"] as const;
	const isOn = values.current(rate) !== undefined;
	return (
		<>
			<Switch
				label={say("input.bursts")}
				name="bursts"
				value={isOn ? "some" : "none"}
				choices={(["none", "some"] as const).map((value) => ({ value, name: say(`bursts.${value}`) }))}
				begin={() => ({ [rate]: 3, [share]: "10%", [length]: "2 minutes" })}
				under="traffic.bursts."
			/>
			{isOn ? (
				<>
					<QuantityField path={rate} label={say("input.burstRate")} {...common} />
					<QuantityField path={share} label={say("input.burstShare")} {...common} />
					<QuantityField path={length} label={say("input.burstLength")} {...common} />
				</>
			) : null}
		</>
	);
}

function SharedPrefix({ refusal }: { readonly refusal: Refusal | undefined }): ReactNode {
	const say = useWords("traffic");
	const values = useScenario();
	const common = { values, refusal };
	const [share, groups] = ["traffic.shared_prefix.share", "traffic.shared_prefix.groups"] as const;
	const isOn = values.current(share) !== undefined;
	return (
		<>
			<Switch
				label={say("input.prefix")}
				name="prefix"
				value={isOn ? "some" : "none"}
				choices={(["none", "some"] as const).map((value) => ({ value, name: say(`prefix.${value}`) }))}
				begin={() => ({ [share]: "40%", [groups]: 100 })}
				under="traffic.shared_prefix."
			/>
			{isOn ? (
				<>
					<QuantityField path={share} label={say("input.prefixShare")} {...common} />
					<QuantityField path={groups} label={say("input.prefixGroups")} {...common} />
				</>
			) : null}
		</>
	);
}
