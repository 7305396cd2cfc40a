/** The demand that was asked for; of a range its middle, which is then said. */
import type { QuantityJson } from "@farthing/engine";
import type { ReactNode } from "react";
import { Quantity } from "../quantity/quantity.tsx";
import { useScenario } from "../state/use-scenario.ts";
import { useWords } from "../words/words.ts";
import { rangeText } from "./asked-words.ts";

export function AskedVolume({ of }: { readonly of: QuantityJson | undefined }): ReactNode {
	const say = useWords("common");
	const { current } = useScenario();
	const range = rangeText(current("demand.tokens_per_day"), say);
	const volume = <Quantity of={of} />;
	return range === undefined ? volume : say.nodes("asked.middle", { volume, range });
}
