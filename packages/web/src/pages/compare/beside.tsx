/** What stands beside the fleets: API prices, and benchmark families that are never merged with them. */
import type { ApiOffer, CompareResult } from "@farthing/answers";
import type { ReactNode } from "react";
import { Quantity } from "../../quantity/quantity.tsx";
import { useWords } from "../../words/words.ts";
import { ApiCounts } from "../../shell/api-counts.tsx";
import { Attribution } from "../../shell/attribution.tsx";

export function Apis({ offers }: { readonly offers: readonly ApiOffer[] }): ReactNode {
	const say = useWords("compare");
	const common = useWords("common");
	if (offers.length === 0) return null;
	const title = say("api.title");
	return (
		<section>
			<h2>{title}</h2>
			<div className="scroll" tabIndex={0} role="region" aria-label={title}>
				<table data-table="api">
					<thead>
						<tr>
							<th scope="col">{say("api.statistic")}</th>
							<th scope="col">{say("api.provider")}</th>
							{(["offers", "blended", "from"] as const).map((head) => (
								<th key={head} scope="col" className="number">
									{say(`api.${head}`)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{offers.map(({ statistic, provider, offers: hosts, blended, self_hosting_cheaper_from: from }) => (
							<tr key={statistic}>
								<th scope="row">{common.named("statistic.", statistic)}</th>
								<td>{provider}</td>
								<td className="number">{hosts}</td>
								<td className="number">
									<Quantity of={blended} kind="compare" showsGrade />
								</td>
								<td className="number">
									{from === undefined ? say("api.never") : <Quantity of={from} kind="compare" />}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</div>
			<ApiCounts />
		</section>
	);
}

export function OtherFamilies({
	families,
	nameOf,
}: {
	readonly families: CompareResult["families"];
	readonly nameOf: (hardware: string) => string;
}): ReactNode {
	const say = useWords("compare");
	const others = families.filter(({ family }) => family !== "inferencex");
	if (others.length === 0) return null;
	return (
		<section>
			<h2>{say("families.title")}</h2>
			<p className="field-note">{say("families.lead")}</p>
			{others.map((family) => (
				<div key={family.family}>
					<h3>{say.named("family.", family.family)}</h3>
					<p className="field-note">
						{"reason" in family && family.reason !== undefined
							? say("families.line", {
									measures: say.told("measures.", family.measures),
									reason: say.told("reason.", family.reason),
								})
							: say.told("measures.", family.measures)}
					</p>
					{family.family === "mlperf-inference-v6.0" && Object.keys(family.scenarios).length > 0 ? (
						<Mlperf scenarios={family.scenarios} title={say.named("family.", family.family)} nameOf={nameOf} />
					) : null}
					<Attribution of={family.attribution} />
				</div>
			))}
		</section>
	);
}

function Mlperf({
	scenarios,
	title,
	nameOf,
}: {
	readonly scenarios: Extract<CompareResult["families"][number], { family: "mlperf-inference-v6.0" }>["scenarios"];
	readonly title: string;
	readonly nameOf: (hardware: string) => string;
}): ReactNode {
	const say = useWords("compare");
	return (
		<div className="scroll" tabIndex={0} role="region" aria-label={title}>
			<table data-table="mlperf">
				<thead>
					<tr>
						<th scope="col">{say("mlperf.scenario")}</th>
						<th scope="col">{say("mlperf.hardware")}</th>
						<th scope="col">{say("mlperf.system")}</th>
						<th scope="col" className="number">
							{say("mlperf.cost")}
						</th>
					</tr>
				</thead>
				<tbody>
					{Object.entries(scenarios).flatMap(([scenario, rows]) =>
						rows.map((row) => (
							<tr key={`${scenario} ${row.id}`}>
								<td>{scenario}</td>
								<td>{nameOf(row.hardware)}</td>
								<td>
									{row.submitter} <small>{row.public_id}</small>
								</td>
								<td className="number">
									<Quantity of={row.unit_cost.output} kind="compare" showsGrade />
								</td>
							</tr>
						)),
					)}
				</tbody>
			</table>
		</div>
	);
}
