/** What was asked, in one line: for paper and for pictures, which have no fields. */
import type { Change } from "../state/app-state.ts";
import { changeText } from "../state/url.ts";
import type { Say } from "../words/words.ts";

/** As people wrote them; absent where the question has no such member, or it is more than a word. */
export interface Asked {
	readonly model: string | undefined;
	readonly demand?: Change | undefined;
	readonly input: Change | undefined;
	readonly output: Change | undefined;
	readonly peak?: Change | undefined;
	readonly speed: Change | undefined;
	readonly ttft: Change | undefined;
	/** The most that a million tokens may cost. */
	readonly most?: Change | undefined;
	readonly tier: Change | undefined;
	/** What is looked at alone, by name. */
	readonly only?: readonly string[];
	/** Day of the facts. */
	readonly date: string | undefined;
}

export function askedLine(asked: Asked, say: Say<"common">): string {
	const { model, demand, input, output, peak, speed, ttft, most, tier, only = [], date } = asked;
	const limit = (key: "speed" | "ttft", text: string): string =>
		text === "any" ? say(`asked.${key}.any`) : say(`asked.${key}`, { value: text });
	const parts = [
		model,
		demand === undefined ? undefined : say("asked.demand", { value: withUnit(demand, "", say).replace(DAILY, "") }),
		input === undefined || output === undefined
			? undefined
			: say("asked.lengths", { input: withUnit(input, "", say), output: withUnit(output, "", say) }),
		peak === undefined ? undefined : say("asked.peak", { value: withUnit(peak, "", say) }),
		speed === undefined ? undefined : limit("speed", withUnit(speed, "tok/s/user", say)),
		ttft === undefined ? undefined : limit("ttft", withUnit(ttft, "s", say)),
		most === undefined ? undefined : say("asked.most", { value: changeText(most) }),
		tier === undefined ? undefined : say("asked.prices", { value: say.named("asked.tier.", changeText(tier)) }),
		...only,
		date === undefined ? undefined : say("asked.date", { value: date }),
	];
	return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

/** The words of the message say the unit. */
const DAILY = /\s*(?:tok(?:ens?)?)?\s*(?:\/|per|a)\s*day\s*$|\s*tok(?:ens?)?\s*$/;
const BARE = /^[\d.,]+\s*[kMBT]?$/;

/** A range in the words of the page; undefined where one value is asked for. */
export function rangeText(value: Change | undefined, say: Say<"common">): string | undefined {
	return typeof value === "string" && value.includes(" to ") ? withUnit(value, "", say) : undefined;
}

/** A number without a unit is one of `unit`; a range has its word in the language of the page. */
function withUnit(value: Change, unit: string, say: Say<"common">): string {
	const ends = changeText(value).split(" to ");
	const text = ends.join(say("quantity.to"));
	return unit !== "" && ends.every((end) => BARE.test(end)) ? `${text} ${unit}` : text;
}
