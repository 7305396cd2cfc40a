/** Why a way to serve the demand is not priced, and the field that would give what is missing. */
import type { UnpricedResult } from "@farthing/answers";
import type { ReactNode } from "react";
import { useNames } from "../engine/use-names.ts";
import { useWords } from "../words/words.ts";

export function UnpricedWay({ why }: { readonly why: UnpricedResult["why"] }): ReactNode {
	const say = useWords("common");
	const names = useNames();
	const { code, member } = why;
	const of = names(code === "no-api-price" ? "models" : "hardware", why.of ?? "");
	const after = names("hardware", why.after ?? "");
	const missing = {
		"not-asked-for": () => say("unpriced.not-asked-for"),
		"no-capital-price": () => say("unpriced.no-capital-price", { of }),
		"no-power": () => say("unpriced.no-power", { of }),
		"no-successor": () => say("unpriced.no-successor", { of, after }),
		"no-rent": () => say("unpriced.no-rent", { of }),
		"rate-of-an-owner": () => say("unpriced.rate-of-an-owner", { rates: why.rates ?? "" }),
		"no-api-price": () => say("unpriced.no-api-price", { of }),
	}[code]();
	const ofPart = why.part === undefined ? missing : say(`unpriced.${why.part}`, { why: missing });
	const whole = why.model === undefined ? ofPart : say("unpriced.model", { model: why.model, why: ofPart });
	return (
		<>
			{say("unpriced", { why: whole })}{" "}
			{member === undefined
				? null
				: say.nodes("unpriced.give", { field: say.named("unpriced.field.", member), member: <code>{member}</code> })}
		</>
	);
}
