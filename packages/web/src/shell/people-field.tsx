/** How many people run it. A scenario takes them with their pay alone: where it says none, that of the example stands in. */
import type { ReactNode } from "react";
import { type FieldProps, QuantityField } from "../controls/quantity-field.tsx";
import { changeText } from "../state/url.ts";
import { useWords } from "../words/words.ts";
import { useExampleFigures } from "./example-figures.ts";

const PAY = "people.pay";

export function PeopleField(props: Omit<FieldProps, "path" | "hint">): ReactNode {
	const say = useWords("common");
	const { values } = props;
	const pay = useExampleFigures()?.of(["people"])[PAY];
	const isPaid = values.original(PAY) !== undefined || pay === undefined;
	return (
		<QuantityField
			{...props}
			path="people.fte"
			{...(isPaid ? {} : { beside: { [PAY]: pay }, hint: say("people.hint", { pay: changeText(pay) }) })}
		/>
	);
}
