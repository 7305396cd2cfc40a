/** What the volume counts at which an own fleet beats the API, beside it; and where the number with all costs is. */
import type { PlanResult } from "@farthing/answers";
import type { ReactNode } from "react";
import { Quantity } from "../quantity/quantity.tsx";
import { linkTo } from "../state/store.ts";
import { useScenario } from "../state/use-scenario.ts";
import { useWords } from "../words/words.ts";

export function ApiCounts({ breakEvens = [] }: { readonly breakEvens?: PlanResult["break_evens"] }): ReactNode {
	const say = useWords("common");
	const shell = useWords("shell");
	const { scenario } = useScenario();
	const own = breakEvens.find(({ of, against }) => of === "own" && against === "api")?.volume;
	const page = <a href={linkTo("ways")}>{shell("page.ways")}</a>;
	return (
		<p className="field-note" data-note="api-counts">
			{say("apiCounts")}
			{say("gap")}
			{own?.tokens_per_day !== undefined
				? say.nodes("apiCounts.years", { volume: <Quantity of={own.tokens_per_day} />, page })
				: scenario?.hasYears === true
					? say.nodes("apiCounts.page", { page })
					: null}
		</p>
	);
}
